/** Officers' pages: two who share a phone, and a quick finger. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openOutbox, theOutbox } from '../src/services/outbox'
import { decide, desk, step, story, type Case, type Declaration } from '../src/services/officer'
import { move } from '../src/services/goods'
import { ask, conversation, sayOn, type Question } from '../src/services/asking'
import { session, type Session } from '../src/state/session'
import { start } from '../src/services/start'
import { complaintSteps, erasureReasons, visitOutcomes } from '../src/vocab'
import { say } from '../src/words'
import { Shown } from './pages'

const phone = vi.hoisted(() => ({
  kept: new Map<string, unknown>(), params: {} as Record<string, string>, answers: [] as [string, number, unknown][], files: [] as string[], chosen: [] as string[], asked: [] as { url: string; data: unknown }[], yes: true,
}))
vi.mock('@/storage/port', () => ({
  read: async (name: string) => phone.kept.get(name),
  readAll: async (prefix: string) => [...phone.kept].filter(([name]) => name.startsWith(prefix)).map(([, value]) => value),
  write: async (entries: [string, unknown][]) => entries.forEach(([name, value]) => phone.kept.set(name, value)),
  erase: async (names: string[]) => names.forEach((name) => phone.kept.delete(name)),
  keys: async () => [...phone.kept.keys()],
  keepFile: async (_id: string, path: string) => { phone.files.push(path) }, eraseFile: async () => undefined,
}))
vi.mock('@tarojs/taro', () => ({
  useRouter: () => ({ params: phone.params }), useDidShow: () => undefined,
  default: {
    request: async ({ url, data }: { url: string; data: unknown }) => {
      phone.asked.push({ url, data })
      const found = phone.answers.find(([part]) => url.includes(part))
      return { statusCode: found?.[1] ?? 0, data: found?.[2] }
    },
    setNavigationBarTitle: async () => undefined, showToast: async () => undefined, navigateTo: async () => undefined,
    navigateBack: async () => undefined, redirectTo: async () => undefined, getCurrentPages: () => [1, 2],
  },
}))
vi.mock('@/ui/platform', () => ({ watchSignal: () => () => undefined, systemScale: () => 1, smaller: async (path: string) => { if (path === 'broken') throw new Error('no picture'); return `small ${path}` },
  choosePhotos: async (most: number, over: (count: number) => void) => { if (phone.chosen.length > most) over(phone.chosen.length); return phone.chosen.slice(0, most) },
  position: async () => ({ kind: 'unknown' }) }))
vi.mock('@/ui/base', async (real) => ({ ...await real<object>(), Signature: () => null }))
vi.mock('@/ui/dialog', () => ({ ask: async () => phone.yes }))
vi.mock('@/ui/consent', () => ({ Consent: () => null }))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

const t = say('zh')
const PERMISSIONS = ['producer:read', 'complaint:read', 'complaint:erase', 'declaration:review', 'question:ask']
const enter = (accountId: string) => session.set({ accountId, name: '', accessToken: '', refreshToken: '', producers: [], grants: [{ role: 'x', role_zh: '', region: '620602', producer_id: null, permissions: PERMISSIONS }] })
const CASE = { id: 'c1', kind: 'quality', category: 'residue', state: 'received', region: '620602', place: '', text: '味道怪', photos: [], due_on: null, nearly: false, actions: ['investigate', 'answer'], entries: [], created_at: '2026-11-20T00:00:00Z' } as unknown as Case
const DECLARATION = { id: 'P.2026.1', producer_id: 'P', producer_name: '绿源', producer_kind: 'farm', region: '620602', season: 2026, version: 1, sites: [], products: [], planned: [], commitments: [] } as unknown as Declaration
const QUESTION = { id: 'P.q1', producer_id: 'P', producer_name: '绿源', state: 'open', text: '哪天打的药', about: null, messages: [], moved_at: '2026-11-20T00:00:00Z' } as unknown as Question
const mine = () => theOutbox().list().filter((item) => item.owner === session.get()?.accountId)

let page: Shown | undefined
const open = async (which: Promise<{ default: () => unknown }>, params: Record<string, string>) => {
  phone.params = params
  page = await Shown.open((await which).default as never)
  return page
}

beforeEach(async () => {
  Object.assign(phone, { answers: [], asked: [], files: [], chosen: [] })
  await start()
  await openOutbox()
  await enter('a')
})
afterEach(async () => {
  await page?.close()
  page = undefined
  await theOutbox().forgetAll(() => true)
  await session.set(null)
})

const atDesk = async () => {
  await desk().set({ cases: [CASE], declarations: [DECLARATION], producers: [], questions: [], next: {}, places: [], at: 1 })
  await story('c1').set({ one: CASE, at: 1 })
}

describe('two with one phone', () => {
  it('do not wait for each other’s steps and words', async () => {
    await step('c1', { action: 'investigate', text: '', internal: false }, 'A查')
    await sayOn('P.q1', 'messages', '还有一问', 'A问')
    await enter('b')
    await step('c1', { action: 'answer', text: '在查', internal: false }, 'B答')
    await sayOn('P.q1', 'messages', '另一问', 'B问')
    await step('c1', { action: 'answer', text: '查完', internal: false }, 'B又答')
    const [again, question, first] = mine()
    expect([first?.needs, question?.needs, again?.needs]).toEqual([[], [], [first?.id]])
  })

  it('do not wait for what the other did to a lot', async () => {
    const sold = { kind: 'retail' as const, takes: [{ lot_id: 'P.l1', amount: '1', unit: 'kg' }], makes: [], partner: '', place: '', reason: '', note: '', happened_on: '2026-11-20' }
    for (const who of ['a', 'b']) {
      await enter(who)
      await move(sold, who)
      await move(sold, who)
    }
    const [second, first] = mine()
    expect([first?.needs, second?.needs]).toEqual([[], [first?.id]])
  })

  it('decide each for themselves: what was refused to one is not rewritten by the other', async () => {
    phone.answers = [['/decision', 422, { reason: 'no', message: '不行' }]]
    await decide(DECLARATION, 'return', '缺地块', 'A退回')
    await vi.waitFor(() => expect(mine()[0]?.state).toBe('needs_fix'))
    await enter('b')
    phone.answers = [['/decision', 201, {}]]
    await decide(DECLARATION, 'approve', '', 'B通过')
    await vi.waitFor(() => expect(mine().map((item) => [item.title, item.state])).toEqual([['B通过', 'delivered']]))
    expect(theOutbox().list().find((item) => item.owner === 'a')).toMatchObject({ title: 'A退回', state: 'needs_fix' })
  })

  it('see on a declaration what they decided themselves', async () => {
    await decide(DECLARATION, 'approve', '', 'A通过')
    await enter('b')
    await atDesk()
    const shown = await open(import('../src/officer/declaration/index'), { id: 'P.2026.1' })
    expect(shown.text).not.toContain('A通过')
    await shown.tap(t('approve'))
    expect(mine().map((item) => item.body)).toEqual([{ verdict: 'approve', reason: '' }])
    expect(shown.text).toContain(t('s_waiting'))
  })

  it('see in a case their own steps, and may take those the other took', async () => {
    await step('c1', { action: 'investigate', text: '', internal: false }, 'A查')
    await enter('b')
    await atDesk()
    const shown = await open(import('../src/officer/case/index'), { id: 'c1' })
    expect(shown.text).not.toContain('A查')
    await shown.tap(complaintSteps.find((one) => one.code === 'investigate')?.zh ?? '')
    await shown.tap(t('step_take'))
    expect(mine()).toMatchObject([{ kind: 'complaint_step', needs: [] }])
  })

  it('are told on the desk of what waits of their own alone', async () => {
    await step('c1', { action: 'investigate', text: '', internal: false }, 'A查')
    await decide(DECLARATION, 'approve', '', 'A通过')
    await ask('P', '问什么', '', 'A问')
    await enter('b')
    await atDesk()
    const shown = await open(import('../src/officer/queue/index'), {})
    expect(shown.text).toContain('绿源')
    for (const said of [t('step_waits'), t('s_waiting'), 'A问']) expect(shown.text).not.toContain(said)
  })
})

describe('photos of a visit', () => {
  it('are made small, at most nine, and what is left out is said', async () => {
    phone.chosen = ['broken', ...Array.from({ length: 49 }, (_, place) => `p${place}`)]
    const shown = await open(import('../src/officer/visit/index'), { producer: 'P' })
    await shown.tap(t('photo'))
    expect(shown.text).toContain(t('photos_over', { chosen: 50, most: 9 }))
    expect(shown.text).toContain(t('photos_bad', { count: 1 }))
    await shown.tap(t('drop'))
    await shown.tap(visitOutcomes[0]?.zh ?? '')
    await shown.tap(t('save'))
    expect(phone.files).toEqual(Array.from({ length: 7 }, (_, place) => `small p${place + 1}`))
    expect(mine()).toHaveLength(8)
  })
})

describe('a quick finger', () => {
  const taken = (code: string) => complaintSteps.find((one) => one.code === code)?.zh ?? ''

  it('decides once', async () => {
    await atDesk()
    await (await open(import('../src/officer/declaration/index'), { id: 'P.2026.1' })).tap(t('approve'), 2)
    expect(mine()).toHaveLength(1)
  })

  it('files one visit', async () => {
    const shown = await open(import('../src/officer/visit/index'), { producer: 'P' })
    await shown.tap(visitOutcomes[0]?.zh ?? '')
    await shown.tap(t('save'), 2)
    expect(mine().map((item) => item.kind)).toEqual(['visit'])
  })

  it('answers a reporter once, and may go on', async () => {
    await atDesk()
    const shown = await open(import('../src/officer/case/index'), { id: 'c1' })
    for (const said of ['在查', '查完']) {
      await shown.tap(taken('answer'))
      await shown.type(said)
      await shown.tap(t('step_take'), 2)
    }
    expect(mine().map((item) => item.body.text)).toEqual(['查完', '在查'])
  })

  it('asks further once, and closes once', async () => {
    await conversation('P.q1').set({ one: QUESTION, at: 1 })
    const shown = await open(import('../src/officer/question/index'), { id: 'P.q1' })
    await shown.type('还有呢')
    await shown.tap(t('q_ask_send'), 2)
    await shown.tap(t('q_close'), 2)
    await shown.tap(t('q_close_sure'), 2)
    expect(mine().map((item) => item.path?.split('/').pop())).toEqual(['closing', 'messages'])
  })

  it('erases a contact once, and is asked again after calling it off', async () => {
    await story('c1').set({ one: { ...CASE, state: 'closed', has_contact: true }, at: 1 })
    const shown = await open(import('../src/officer/case/index'), { id: 'c1' })
    await shown.tap(t('erase'))
    await shown.tap(erasureReasons[0]?.zh ?? '')
    await shown.type('申请单 17 号')
    phone.yes = false
    await shown.tap(t('erase'), 2)
    phone.yes = true
    await shown.tap(t('erase'), 2)
    expect(phone.asked.filter(({ url }) => url.endsWith('/erasure'))).toHaveLength(1)
  })

  it('keeps its own version of a record by one amendment', async () => {
    phone.answers = [[':sync', 200, { items: [{ client_id: 'r1', outcome: 'duplicate', differs: true }] }], ['/records', 200, { items: [{ id: 'P.r1', client_id: 'r1', kind: 'water', happened_on: '2026-11-20', batch_id: 'P.b' }] }]]
    await theOutbox().add('a', [{ id: 'r1', kind: 'record', producer: 'P', needs: [], title: '浇水', body: { client_id: 'r1', kind: 'water', happened_on: '2026-11-21', batch_id: 'P.b' } }])
    await theOutbox().flush('a')
    const shown = await open(import('../src/farmer/outbox/index'), {})
    await shown.tap(t('keep_here'), 2)
    expect(mine()).toHaveLength(1)
  })
})

describe('complaints that are over', () => {
  const over = (id: string, on: string) => ({ ...CASE, id, state: 'closed', text: id, region: on, created_at: `2026-11-${on}T00:00:00Z` })
  const listed = (shown: Shown) => shown.labels().filter((label) => label.includes('已办结')).map((label) => label.match(/11-(\d\d)/)?.[1])
  const rule = (regions: string[]) => session.set({ ...session.get() as Session, grants: regions.map((region) => ({ role: 'x', role_zh: '', region, producer_id: null, permissions: PERMISSIONS })) })
  const page1 = { items: [over('c9', '19'), over('c5', '15')], next_cursor: 'more' }

  it('are asked for in each region, and shown the newest first and once, however many pages', async () => {
    await rule(['620602', '6207'])
    phone.answers = [['region=620602&cursor=more', 200, { items: [over('c4', '14')] }], ['region=620602', 200, page1], ['region=6207', 200, { items: [over('c9', '19'), over('c3', '13')] }]]
    const shown = await open(import('../src/officer/ended/index'), {})
    expect(listed(shown)).toEqual(['19', '15', '13'])
    await shown.tap(t('show_more'), 2)
    expect(listed(shown)).toEqual(['19', '15', '14', '13'])
    expect(phone.asked.map(({ url }) => /region=(\d+)/.exec(url)?.[1])).toEqual(['620602', '6207', '620602'])
  })

  it('can be asked for again when they did not come', async () => {
    const shown = await open(import('../src/officer/ended/index'), {})
    expect(shown.text).toContain(t('needs_signal'))
    phone.answers = [['/ended', 200, page1]]
    await shown.tap(t('retry'))
    expect(listed(shown)).toEqual(['19', '15'])
    expect(shown.text).not.toContain(t('needs_signal'))
    phone.answers = [['/ended', 0, undefined]]
    await shown.tap(t('show_more'))
    expect(listed(shown)).toEqual(['19', '15'])
    expect(shown.text).toContain(t('needs_signal'))
  })

  it('are not shown to who logs in next, nor to nobody', async () => {
    phone.answers = [['/ended', 200, page1]]
    const shown = await open(import('../src/officer/ended/index'), {})
    await shown.settle(() => { void session.set(null) })
    expect(listed(shown)).toEqual([])
    phone.answers = [['/ended', 200, { items: [] }]]
    await shown.settle(() => { void enter('b') })
    expect(listed(shown)).toEqual([])
    expect(shown.text).toContain(t('cases_ended_none'))
  })

  it('are not kept on the phone once they were read', async () => {
    phone.answers = [['/complaints/c9', 200, over('c9', '19')], ['/complaints/c1', 200, CASE]]
    for (const id of ['c9', 'c1']) {
      const shown = await open(import('../src/officer/case/index'), { id })
      expect(shown.text).toContain(id === 'c9' ? 'c9' : CASE.text)
      expect(phone.kept.has(`officer_case:${id}:a`)).toBe(true)
      await shown.close()
    }
    expect([...phone.kept.keys()].filter((name) => name.startsWith('officer_case'))).toEqual(['officer_case:c1:a'])
  })
})
