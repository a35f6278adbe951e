/** The harvest ring while the platform has not answered: what the catalogue said goes with a deed into the outbox and through each correction. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { waitingUses } from '../src/rules/waiting'
import { findInputs, labelled, recalled, write, type Batch, type Used } from '../src/services/farming'
import { amend } from '../src/services/log'
import { openOutbox, theOutbox } from '../src/services/outbox'
import { session } from '../src/state/session'

const net = vi.hoisted(() => ({ answer: undefined as object | undefined }))
vi.mock('@tarojs/taro', () => ({ default: { request: async () => { if (!net.answer) throw new Error('no signal'); return { statusCode: 200, data: net.answer } } } }))
vi.mock('@/storage/port', () => ({ read: async () => undefined, write: async () => undefined, erase: async () => undefined, eraseFile: async () => undefined, keys: async () => [], readAll: async () => [] }))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

const DAY = '2026-05-01'
const batch = (crop: string) => ({ id: `p.${crop}`, producer_id: 'p', crop }) as Batch
const row = { manufacturer: '厂', actives: [], labels: [], withdrawals: [] }
const SPRAY = { ...row, registration_no: 'PD1', name: '甲', kind: 'pesticide', labels: [{ crop: '苹果', phi_days: 7 }] }
const SLOW = { ...row, registration_no: 'PD2', name: '乙', kind: 'pesticide', labels: [{ crop: '苹果', phi_days: 21 }] }
const DRUG = { ...row, registration_no: 'V1', name: '丙', kind: 'vet_drug', withdrawals: [{ animal: '羊', produce: 'meat', days: 35 }, { animal: '鸡', produce: 'egg', days: 0, forbidden: true }] }
const DIP = { ...row, registration_no: 'V2', name: '丁', kind: 'vet_drug' }

async function found(...items: object[]): Promise<Used[]> {
  net.answer = { items }
  return findInputs('x').finally(() => { net.answer = undefined })
}
async function wrote(crop: string, kind: string, inputs: Used[]): Promise<void> {
  await write({ batch: batch(crop), kind, title: '', happened_on: DAY, site_ids: [], inputs, photos: [] })
  await vi.waitFor(() => expect(theOutbox().list().every((item) => item.attempts > 0)).toBe(true))
}
const ring = (crop: string) => waitingUses(theOutbox().list(), batch(crop), 0).map(({ days, unknown }) => (unknown ? 'blocked' : days))

beforeEach(async () => {
  await session.set({ accountId: 'a', name: '', accessToken: 'x', refreshToken: 'y', producers: [] })
  await openOutbox()
  await theOutbox().forgetAll(() => true)
})

describe('a deed without signal', () => {
  it('waits out the days of a drug, and closes the ring where a drug is never given or names no such animal', async () => {
    const drugs = await found(DRUG)
    for (const crop of ['sheep', 'egg', 'pig']) await wrote(crop, 'treatment', drugs)
    expect(['sheep', 'egg', 'pig'].map(ring)).toEqual([[35], ['blocked'], ['blocked']])
  })

  it('closes the ring with a drug without days in a disinfection, and not with what has no interval', async () => {
    await wrote('sheep', 'disinfection', await found(DIP))
    await wrote('pig', 'disinfection', [{ name: '石灰' }])
    expect(['sheep', 'pig'].map(ring)).toEqual([['blocked'], [undefined]])
  })

  it('closes the ring with a number that was typed and confirmed, and one whose label names another crop', async () => {
    await wrote('apple', 'pesticide', [{ name: '自配', registration_no: 'PD9', sure: true }])
    await wrote('tomato', 'pesticide', await found(SPRAY))
    expect(['apple', 'tomato'].map(ring)).toEqual([['blocked'], ['blocked']])
  })
})

describe('a correction without signal', () => {
  it('waits as the input does that is named now', async () => {
    await wrote('apple', 'pesticide', await found(SPRAY))
    const [item] = theOutbox().list()
    const inputs = await found(SLOW)
    await theOutbox().correct(item!.id, { ...item!.body, inputs }, '', labelled(inputs))
    expect(ring('apple')).toEqual([21])
  })

  it('that speaks of something else keeps what was known', async () => {
    await wrote('apple', 'pesticide', await found(SPRAY))
    const [item] = theOutbox().list()
    await theOutbox().correct(item!.id, { ...item!.body, note: '地头' }, '', labelled([{ name: '甲', registration_no: 'PD1' }]))
    expect(ring('apple')).toEqual([7])
  })

  it('of what the platform has waits, too', async () => {
    const inputs = await found(SLOW)
    await amend({ batch_id: 'p.apple', client_id: 'old', kind: 'pesticide', happened_on: DAY, inputs }, '', '', labelled(inputs))
    expect(ring('apple')).toEqual([21])
  })

  it('begins with what was learnt of the number, before what the record says', async () => {
    await wrote('sheep', 'treatment', await found(DRUG))
    expect(recalled({ name: '丙', registration_no: 'V1', labels: [] }).labels).toHaveLength(2)
  })
})
