/** Answers that come late: kept for whom and for what they were asked, and not at all once that was forgotten here. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { certificates, read } from '../src/services/certificates'
import { farm, refresh } from '../src/services/farming'
import { book, refreshBook, refreshShipment } from '../src/services/goods'
import { refreshNotices, refreshSummary } from '../src/services/inbox'
import { refreshLog } from '../src/services/log'
import { openOutbox } from '../src/services/outbox'
import { clearPhone, endAccount } from '../src/services/personal'
import { read as readArticle } from '../src/services/reading'
import { history, refreshHistory } from '../src/services/stock'
import { look as lookAt } from '../src/services/trace'
import { session, type Session } from '../src/state/session'

const phone = vi.hoisted(() => ({ kept: new Map<string, unknown>(), files: new Set<string>(), fetching: undefined as (() => Promise<void>) | undefined, before: undefined as ((url: string) => Promise<void> | undefined) | undefined }))
const ANSWERS: [string, object][] = [
  ['/me/deletion', { kept: [] }], ['/auth/logout', {}], ['/rulebook', { version: '2', substances: [{ substance: 'x' }] }], ['/producers', { items: [{ id: 'p', name: 'p', kind: 'household' }] }],
  ['/overview', { items: [] }], ['/stock', { items: [{ registration_no: 'PD1' }] }], ['/inputs/PD1', { registration_no: 'PD1', labels: [], withdrawals: [] }],
]
vi.mock('@tarojs/taro', () => ({ default: { request: async ({ url }: { url: string }) => {
  await phone.before?.(url)
  return { statusCode: 200, data: ANSWERS.find(([part]) => url.split('?')[0]!.endsWith(part))?.[1] ?? { items: [], id: 'one' } }
} } }))
vi.mock('@/storage/port', () => ({
  read: async (name: string) => phone.kept.get(name),
  readAll: async () => [],
  write: async (entries: [string, unknown][]) => entries.forEach(([name, value]) => phone.kept.set(name, value)),
  erase: async (names: string[]) => names.forEach((name) => phone.kept.delete(name)),
  eraseFile: async () => undefined,
  eraseFiles: async () => phone.files.clear(),
  hasFile: async (id: string) => phone.files.has(id),
  keepFile: async (id: string) => void phone.files.add(id),
  keys: async () => [...phone.kept.keys()],
}))
vi.mock('@/ui/platform', () => ({}))
vi.mock('../src/api/download', () => ({ download: async () => { await phone.fetching?.(); return { statusCode: 200, data: { path: 'fetched' } } } }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

const person = (accountId: string): Session => ({ accountId, name: '', accessToken: accountId, refreshToken: accountId, producers: [{ id: 'p', name: 'p', kind: 'household' }, { id: 'q', name: 'q' }] })
const kept = () => [...phone.kept.keys()].filter((name) => name !== 'session').sort()

/** Once a question of that address was asked, and before it is answered. */
function when(part: string, act: () => Promise<unknown>): void {
  phone.before = async (url) => {
    if (!url.split('?')[0]!.endsWith(part)) return
    phone.before = undefined
    await act()
  }
}

beforeEach(async () => {
  phone.before = undefined
  phone.kept.clear()
  await openOutbox()
  await session.set(person('a'))
})

describe('what anybody may read', () => {
  const ARTICLE = { slug: 'a', title: '', summary: '', kind: '', crops: [], pictures: [{ small: '/p/one.jpg' }, { small: '/p/two.jpg' }] }
  const STORY = { code: 'c', product: { name: { value: '苹果' } }, state: 'valid', state_label: { zh: '', en: '' } }

  beforeEach(() => { phone.fetching = undefined })

  it('does not come back after the phone was cleared while it was asked for', async () => {
    ANSWERS.unshift(['/reading/a', ARTICLE], ['/t/c', STORY])
    for (const [part, look] of [['/reading/a', () => readArticle('a')], ['/t/c', () => lookAt('c')]] as const) {
      when(part, clearPhone)
      expect((await look()).kind).toBe('fresh')
    }
    expect(kept()).toEqual([])
    expect([...phone.files]).toEqual([])
  })

  it('leaves no pictures behind, of those that are on their way either', async () => {
    phone.fetching = async () => { if (phone.files.size) { phone.fetching = undefined; await clearPhone() } }
    await readArticle('a')
    expect(kept()).toContain('article:a')
    await vi.waitFor(() => expect(phone.fetching).toBeUndefined())
    await new Promise((resolve) => setTimeout(resolve))
    expect(kept()).toEqual([])
    expect([...phone.files]).toEqual([])
  })
})

describe('an answer that comes late', () => {
  it.each([
    ['/inbox', refreshNotices], ['/inbox/summary', refreshSummary], ['/movements', () => refreshHistory('i')], ['/records', () => refreshLog('p.b')],
    ['/certificates', () => refreshShipment('s')], ['/certificates/c', () => read('c')], ['/ledger', () => refreshBook('m', { since: '', until: '' })],
  ])('is not kept for who logged in meanwhile: %s', async (part, ask) => {
    when(part, () => session.set(person('b')))
    await ask()
    expect(kept().filter((name) => part !== '/inbox' || name !== 'inbox_summary:b')).toEqual([]) // which b asked for themselves
  })

  it('is kept for the producer it was asked for, not for the one that was chosen since', async () => {
    for (const [part, ask] of [['/movements', () => refreshHistory('i')], ['/certificates/c', () => read('c')], ['/ledger', () => refreshBook('m', { since: '', until: '' })]] as const) {
      await session.set({ ...person('a'), chosen: 'p' })
      when(part, () => session.set({ ...person('a'), chosen: 'q' }))
      await ask()
    }
    expect(kept()).toEqual(['book:p:m:a', 'certificates:p:a', 'movements:p:i:a'])
    expect([history('i').get(), certificates().get(), book('m').get()]).toEqual([[], null, null])
  })

  it.each(['/producers', '/overview', '/inputs/PD1'])('does not come back after the phone was cleared: %s', async (part) => {
    when(part, clearPhone)
    await refresh()
    expect(kept()).toEqual([])
    expect(phone.kept.get('session')).toBeUndefined()
  })

  it.each(['/producers', '/overview', '/inputs/PD1'])('does not come back after the account was ended: %s', async (part) => {
    when(part, endAccount)
    await refresh()
    expect(kept().filter((name) => name.endsWith(':a') || name === 'catalogue')).toEqual([])
  })

  it('is kept where nothing happened meanwhile', async () => {
    await refresh()
    expect(kept()).toEqual(['catalogue', 'farm:p:a', 'rulebook'])
    expect(farm('p').get()?.producer).toBe('p')
  })
})
