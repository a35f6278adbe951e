/** Declarations and questions on the phone: where they stand, what is offered, what is sent. The pure parts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Item } from '../src/outbox/rules'
import { strangers } from '../src/outbox/rules'
import { cut, forOfficer, unanswered, unsent } from '../src/rules/asking'
import { drafted, lacking, newest, offered, said, seasons, standing, toggled, type Version } from '../src/rules/declaring'
import { subject } from '../src/rules/notices'
import { commitments } from '../src/vocab_declaring'

const P = 'AAAAAAAAAA'
const TODAY = '2026-07-01'
const ALL = commitments.map((one) => one.code)

function version(some: Partial<Version> = {}): Version {
  return {
    id: `${P}.one-00001`, season: '2026', version: 1, state: 'submitted', reason: null, submitted_at: '2026-06-01T08:00:00+08:00',
    sites: [{ id: `${P}.site-0001` }], products: [{ id: `${P}.apple-001` }], planned: [{ product_id: `${P}.apple-001`, amount: '500', unit: 'kg' }], ...some,
  }
}

function item(some: Partial<Item> = {}): Item {
  return { id: 'two-00001', owner: 'me', order: 1, kind: 'declaration', producer: P, needs: [], body: {}, title: '', state: 'waiting', attempts: 0, notBefore: 0, writtenAt: 0, ...some }
}

describe('where a declaration stands', () => {
  const kind = (versions: Version[], items: Item[] = [], today = TODAY) => standing(versions, 100, items, null, today).kind

  it('is due from the day of the reminder on, and nothing before it', () => {
    expect([kind([], [], '2026-04-30'), kind([], [], '2026-05-01'), kind([], [], '2026-12-31')]).toEqual(['none', 'due', 'due'])
    expect(kind([version({ season: '2025', state: 'approved' })])).toBe('due')
  })

  it('is what the newest version of the year says; what came back goes before what is approved', () => {
    expect(kind([version({ state: 'superseded' }), version({ version: 2, state: 'approved' })])).toBe('approved')
    const two = [version({ season: '2026-spring', state: 'approved' }), version({ season: '2026-autumn', state: 'returned', reason: '缺地块' })]
    expect(standing(two, 0, [], null, TODAY)).toMatchObject({ kind: 'returned', version: { reason: '缺地块' } })
    expect(newest(two, '2026')).toHaveLength(2)
  })

  it('is told by the phone until the platform lists what was sent', () => {
    const sent = [version({ state: 'returned' })]
    expect(kind(sent, [item()])).toBe('waiting')
    expect(kind(sent, [item({ state: 'delivered', deliveredAt: 150 })])).toBe('waiting')
    expect(kind([version({ id: `${P}.two-00001`, version: 2 }), ...sent], [item({ state: 'delivered', deliveredAt: 150 })])).toBe('submitted')
    expect(kind(sent, [item({ state: 'delivered', deliveredAt: 50 })])).toBe('returned')
    expect(kind(sent, [item({ state: 'needs_fix' })])).toBe('refused')
  })
})

describe('what is offered first', () => {
  const sites = [`${P}.site-0001`, `${P}.site-0002`]
  const products = [`${P}.apple-001`, `${P}.pear-0001`]

  it('is all there is the first time, and later what was declared last, as far as it is still there', () => {
    expect(offered([], sites, products, TODAY)).toEqual({ season: '2026', sites, products, planned: {}, agreed: [] })
    const before = version({ season: '2025', sites: [{ id: sites[0] }, { id: `${P}.gone-0001` }] })
    expect(offered([before], sites, products, TODAY)).toEqual({ season: '2026', sites: [sites[0]], products: [products[0]], planned: { [products[0] ?? '']: { amount: '500', unit: 'kg' } }, agreed: [] })
  })

  it('is the season that came back, or the part of the year that it is', () => {
    const back = version({ season: '2026-spring', state: 'returned' })
    expect(offered([back], sites, products, TODAY).season).toBe('2026-spring')
    const parts = ['2026-01-05', '2026-03-01', '2026-06-30', '2026-09-01', '2026-12-01'].map((day) => offered([version({ season: '2025-autumn' })], sites, products, day).season)
    expect(parts).toEqual(['2026-winter', '2026-spring', '2026-summer', '2026-autumn', '2026-winter'])
    expect(seasons('2026')).toContain(parts[0])
  })
})

describe('what is sent', () => {
  const whole = { ...offered([version()], [`${P}.site-0001`], [`${P}.apple-001`], TODAY), agreed: ALL }

  it('lacks nothing only with land, products, numbers and every promise', () => {
    expect(lacking(whole, 'smallholder')).toBeUndefined()
    expect(lacking({ ...whole, sites: [] }, 'smallholder')).toBe('sites')
    expect(lacking({ ...whole, sites: [] }, 'buyer')).toBeUndefined()
    expect(lacking({ ...whole, products: [] }, 'buyer')).toBe('products')
    for (const amount of ['0', '五百', '1.2345', '-1']) expect(lacking({ ...whole, planned: { [`${P}.apple-001`]: { amount, unit: 'kg' } } }, '')).toBe('planned')
    for (const code of ALL) expect(lacking({ ...whole, agreed: toggled(ALL, code) }, '')).toBe('commitments')
  })

  it('names amounts of chosen products only, and comes back as the draft it was, but for the promises', () => {
    const more = { ...whole, planned: { ...whole.planned, [`${P}.pear-0001`]: { amount: '9', unit: 't' } } }
    expect(said(more).planned).toEqual([{ product_id: `${P}.apple-001`, amount: '500', unit: 'kg' }])
    expect(drafted(said(whole), whole.sites, whole.products)).toEqual({ ...whole, agreed: [] })
    expect(drafted(said(whole), [], whole.products).sites).toEqual([])
  })
})

describe('questions', () => {
  const path = `/api/v1/questions/${P}.q-0000001/answers`

  it('wait for an answer until one is on its way; a refused one is none', () => {
    const open = [{ id: `${P}.q-0000001`, state: 'open' }, { id: `${P}.q-0000002`, state: 'closed' }]
    expect(unanswered(open, [])).toEqual([open[0]])
    expect(unanswered(open, [item({ kind: 'answer', path })])).toEqual([])
    expect(unanswered(open, [item({ kind: 'answer', path, state: 'needs_fix' })])).toEqual([open[0]])
    expect(unsent([item({ id: 'photo', kind: 'answer_photo', path }), item({ kind: 'answer', path })], `${P}.q-0000001`)).toHaveLength(1)
  })

  it('stand for an officer with what was answered first, and without what is closed', () => {
    const some = fc.array(fc.record({ state: fc.constantFrom('open', 'answered', 'closed'), moved_at: fc.integer({ min: 10, max: 99 }).map(String) }), { maxLength: 15 })
    fc.assert(fc.property(some, (all) => {
      const shown = forOfficer(all)
      expect(shown).toHaveLength(all.filter((one) => one.state !== 'closed').length)
      expect(shown.map((one) => one.state)).toEqual(shown.map((one) => one.state).sort())
    }), { numRuns: 50 })
  })

  it('are the officer’s own, answers the producer’s: another login takes over only these', () => {
    const left = (['declaration', 'answer', 'answer_photo', 'question', 'question_step'] as const).map((kind) => item({ id: kind, kind }))
    expect(strangers(left, 'other', [P]).map((one) => one.kind)).toEqual(['declaration', 'answer', 'answer_photo'])
  })

  it('hold two thousand characters, each counted once', () => {
    expect([...cut('苹'.repeat(1999) + '🍎🍎')]).toHaveLength(2000)
  })
})

describe('a notice leads', () => {
  it('to the declaration of its producer, and to the conversation of its side', () => {
    expect(subject('declaration_due', P)?.page).toBe(`/farmer/declare/index?producer=${P}`)
    expect(subject('declaration_decided', `${P}.one-00001`)?.page).toBe(`/farmer/declare/index?producer=${P}`)
    expect(subject('question_asked', `${P}.q-0000001`)?.page).toBe(`/farmer/question/index?id=${P}.q-0000001`)
    expect(subject('question_answered', `${P}.q-0000001`)?.page).toBe(`/officer/question/index?id=${P}.q-0000001`)
  })
})
