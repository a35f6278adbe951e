/** A phone that fills up behind what was written: it is in the outbox, and must not be told as not kept, or each further tap doubles it. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { declare } from '../src/services/declaring'
import { begin, correctRecord, farm, write, type Batch, type Farm } from '../src/services/farming'
import { correctSite, newProduct, newSite } from '../src/services/land'
import { amend } from '../src/services/log'
import { openOutbox, theOutbox } from '../src/services/outbox'
import { session } from '../src/state/session'

const phone = vi.hoisted(() => ({ full: '', fullFiles: false }))
vi.mock('@tarojs/taro', () => ({ default: { request: async () => { throw new Error('no signal') } } }))
vi.mock('@/storage/port', () => ({
  read: async () => undefined, readAll: async () => [], keys: async () => [], erase: async () => undefined, eraseFile: async () => undefined,
  keepFile: async () => { if (phone.fullFiles) throw new Error('full') },
  write: async (entries: [string, unknown][]) => { if (phone.full && entries.some(([name]) => name.startsWith(phone.full))) throw new Error('full') },
}))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

const LAND = { name: '东地', typed_area_mu: '2', corners: [] }
const PRODUCT = { id: 'p.apple', name: '苹果', crop: 'apple' }
const DRAFT = { season: '2026', sites: [], products: [], planned: {}, agreed: [] }
const kinds = () => theOutbox().list().map((item) => item.kind)

beforeEach(async () => {
  Object.assign(phone, { full: '', fullFiles: false })
  await session.set({ accountId: 'a', name: '', accessToken: '', refreshToken: '', producers: [{ id: 'p', name: 'p' }] })
  await openOutbox()
  await theOutbox().forgetAll(() => true)
  await farm().set({ producer: 'p', batches: [], windows: {}, sites: [], products: [], shelf: [], purchases: [], at: 0 } as Farm)
})

describe('on a phone with room for the outbox alone', () => {
  it.each([
    ['site', () => newSite(LAND, ''), () => farm().get()?.sites],
    ['product', () => newProduct('apple', '苹果', '', ''), () => farm().get()?.products],
    ['batch', () => begin(PRODUCT, [], '2026-05-01', ''), () => farm().get()?.batches],
  ])('a %s is kept, and shown', async (kind, written, shown) => {
    phone.full = 'farm:'
    await written()
    expect(kinds()).toEqual([kind])
    expect(shown()).toHaveLength(1)
  })

  it('a site is corrected', async () => {
    await newSite(LAND, '')
    const [item] = theOutbox().list()
    await vi.waitFor(() => expect(theOutbox().list()[0]?.state).toBe('waiting'))
    phone.full = 'farm:'
    await correctSite(item!.id, { ...LAND, name: '西地' }, '')
    expect(farm().get()?.sites[0]?.name).toBe('西地')
  })

  it('a declaration is sent', async () => {
    phone.full = 'declare:'
    await declare('p', DRAFT, undefined, '')
    expect(kinds()).toEqual(['declaration'])
  })
})

describe('on a full phone', () => {
  it('nothing is kept of what is told as not kept: no site, and no correction without its photos', async () => {
    phone.full = 'outbox:'
    await expect(newSite(LAND, '')).rejects.toThrow('full')
    phone.full = ''
    phone.fullFiles = true
    await expect(amend({ batch_id: 'p.b', client_id: 'old' }, '', '', {}, ['photo'])).rejects.toThrow('full')
    expect(kinds()).toEqual([])
    expect(farm().get()?.sites).toEqual([])
  })

  it('what waits stays as it was when the photos of its correction find no room, and takes them along when they do', async () => {
    const batch = { id: 'p.b', producer_id: 'p', crop: 'apple' } as Batch
    await write({ batch, kind: 'weeding', title: '', happened_on: '2026-05-01', site_ids: [], inputs: [], photos: [] })
    await vi.waitFor(() => expect(theOutbox().list()[0]?.state).toBe('waiting'))
    const [item] = theOutbox().list()
    phone.fullFiles = true
    await expect(correctRecord(item!, { note: '新', inputs: [] }, ['photo'], '')).rejects.toThrow('full')
    expect(theOutbox().list().map((one) => one.body.note)).toEqual([undefined])
    phone.fullFiles = false
    await correctRecord(item!, { note: '新', inputs: [] }, ['photo'], '')
    expect(theOutbox().list().map((one) => [one.kind, one.body.note])).toEqual([['photo', undefined], ['record', '新']])
  })

  it('a correction goes with its photos', async () => {
    await amend({ batch_id: 'p.b', client_id: 'old' }, '', '', {}, ['photo'])
    expect(kinds().sort()).toEqual(['photo', 'record'])
    expect(theOutbox().list().find((item) => item.kind === 'photo')).toMatchObject({ producer: 'p', needs: ['old'], body: { record_client_id: 'old' } })
  })
})
