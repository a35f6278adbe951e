/** What goes wrong with what a person did is said, once, in words; and what they called off themselves is not. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../src/api/request'
import { keepReceipt, receipts } from '../src/services/reports'
import { settings } from '../src/state/settings'
import { attempt, worded } from '../src/ui/failing'
import { say } from '../src/words'

const seen = vi.hoisted(() => ({ told: [] as string[], close: [] as (() => void)[], full: false, kept: new Map<string, unknown>() }))
vi.mock('@tarojs/taro', () => ({ default: {} }))
vi.mock('@/storage/port', () => ({
  read: async (key: string) => seen.kept.get(key),
  write: async (entries: [string, unknown][]) => {
    if (seen.full) throw new DOMException('no space', 'QuotaExceededError')
    entries.forEach(([key, value]) => seen.kept.set(key, value))
  },
}))
vi.mock('@/ui/platform', () => ({}))
vi.mock('../src/ui/dialog', () => ({ ask: ({ text }: { text: string }) => { seen.told.push(text); return new Promise<boolean>((resolve) => seen.close.push(() => resolve(false))) } }))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

const t = say('zh')
const full = () => new DOMException('no space', 'QuotaExceededError')
const settle = () => new Promise((resolve) => setTimeout(resolve))

describe('a failure', () => {
  beforeEach(() => Object.assign(seen, { told: [], close: [], full: false }))

  it.each([
    [new ApiError(422, 'lot_busy', '这批货正在办别的', '请稍后再试'), '这批货正在办别的请稍后再试'],
    [new ApiError(0, 'offline', ''), t('needs_signal')],
    [full(), t('action_full')],
    [{ errMsg: 'setStorage:fail exceed storage max size' }, t('action_full')],
    [{ errMsg: 'copyFile:fail the maximum size of the file storage limit is exceeded' }, t('action_full')],
    [new TypeError('x is not a function'), t('failed_why')],
    [undefined, t('failed_why')],
  ])('is said in words: %s', (error, text) => {
    expect(worded(error, 'action_full')).toBe(text)
  })

  it('is said in the words of the thing where the phone is full, and in English', async () => {
    await settings.set({ ...settings.get(), lang: 'en' })
    attempt(Promise.reject(full()), 'settings_full')
    await settle()
    await settings.set({ ...settings.get(), lang: 'zh' })
    expect(seen.told).toEqual([say('en')('settings_full')])
    seen.close.forEach((close) => close())
    await settle()
  })

  it('is said once while it is being read, and again when it happens again', async () => {
    attempt(Promise.reject(full()))
    attempt(Promise.reject(full()))
    await settle()
    expect(seen.told).toHaveLength(1)
    seen.close.forEach((close) => close())
    await settle()
    attempt(Promise.reject(full()))
    await settle()
    expect(seen.told).toHaveLength(2)
  })

  it('is none when the person called it off, or when it went well', async () => {
    attempt(Promise.reject({ errMsg: 'shareFileMessage:fail cancel' }))
    attempt(Promise.resolve())
    await settle()
    expect(seen.told).toEqual([])
  })
})

describe('a receipt on a full phone', () => {
  it('is not shown as kept, and those that are kept stay', async () => {
    await keepReceipt('AAAA', '2026-05-01')
    seen.full = true
    await expect(keepReceipt('BBBB', '2026-05-02')).rejects.toThrow('no space')
    expect(receipts.get()).toEqual([{ receipt: 'AAAA', on: '2026-05-01' }])
    seen.full = false
    await keepReceipt('BBBB', '2026-05-02')
    expect(receipts.get().map((one) => one.receipt)).toEqual(['BBBB', 'AAAA'])
  })
})
