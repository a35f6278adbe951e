/** A phone whose memory cannot be read once is asked again, and what it kept is there then. */
import { beforeEach, describe, expect, it, vi } from 'vitest'

const phone = vi.hoisted(() => ({ broken: 0, kept: new Map<string, unknown>() }))
vi.mock('@tarojs/taro', () => ({ default: {} }))
vi.mock('@/storage/port', () => ({
  read: async (name: string) => { if (phone.broken > 0) { phone.broken--; throw new Error('unreadable') } return phone.kept.get(name) },
  readAll: async () => [...phone.kept].filter(([name]) => name.startsWith('outbox:')).map(([, value]) => value),
  write: async () => undefined, erase: async (names: string[]) => names.forEach((name) => phone.kept.delete(name)), eraseFile: async () => undefined, keys: async () => [...phone.kept.keys()],
}))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

async function opened() {
  vi.resetModules()
  return { ...await import('../src/services/start'), ...await import('../src/services/outbox'), ...await import('../src/state/settings') }
}

describe('starting', () => {
  beforeEach(() => {
    phone.broken = 0
    phone.kept = new Map<string, unknown>([['settings', { care: true, scale: 1, lang: 'en' }], ['outbox:1', { id: '1', order: 1, state: 'waiting' }], ['officer:a', 'read of others']])
  })

  it('that could not read the phone says so, goes on with defaults, and reads it the next time', async () => {
    const app = await opened()
    phone.broken = 1
    await expect(app.start()).rejects.toThrow('unreadable')
    expect(app.settings.get().lang).toBe('zh')
    expect(phone.kept.has('officer:a')).toBe(true) // whether somebody is logged in is not known
    await app.start()
    expect(app.settings.get()).toMatchObject({ care: true, lang: 'en' })
    expect(app.theOutbox().list().map((item) => item.id)).toEqual(['1'])
    await vi.waitFor(() => expect(phone.kept.has('officer:a')).toBe(false))
  })

  it('reads the phone once when it can', async () => {
    const app = await opened()
    await Promise.all([app.start(), app.start()])
    phone.broken = 9
    await app.start()
    expect(phone.broken).toBe(9)
  })
})

describe('a browser’s storage that could not be opened', () => {
  it('is opened the next time', async () => {
    const { read } = await vi.importActual<typeof import('../src/storage/port.h5')>('../src/storage/port.h5')
    const asked = { result: {}, onsuccess: () => undefined, onerror: () => undefined, error: new Error('refused') }
    const open = vi.fn(() => { if (open.mock.calls.length === 1) throw new Error('no storage here'); setTimeout(() => asked.onerror()); return asked })
    vi.stubGlobal('indexedDB', { open })
    await expect(read('x')).rejects.toThrow('no storage here')
    await expect(read('x')).rejects.toThrow('refused')
    await expect(read('x')).rejects.toThrow('refused')
    expect(open).toHaveBeenCalledTimes(3)
    vi.unstubAllGlobals()
  })
})
