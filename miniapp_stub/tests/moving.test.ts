/** Goods on the move, as the phone judges them before the platform: what is there, what is wrong, what waits for what. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { next, type Item } from '../src/outbox/rules'
import { after, closing, days, key, shifted } from '../src/rules/book'
import { chain } from '../src/rules/chain'
import { allowed, balanced, base, fitting, follows, inUnit, lost, request, standing, wish, wrongWith, type LotLike, type Move } from '../src/rules/moving'
import { intakeBody, intakeSaid, paperBody, paperSaid, wrongIntake, wrongPaper, type Intake, type Paper } from '../src/rules/intake'
import { missing, wrongArrival } from '../src/rules/receiving'

const DAY = '2026-10-01'
const LOT: LotLike = { id: 'P.h1', crop: 'apple', product_name: '苹果', variety: '', amount: '1000', unit: 'kg', left: '600', on_hand: '1000', harvested_on: '2026-09-30', born: 'harvest', born_on: '2026-09-30', state: 'free', held_reason: null }

function moved(kind: Move['kind'], amount: string, some: Partial<Move> = {}): Move {
  return { kind, takes: [{ lot_id: 'P.h1', amount, unit: 'kg' }], makes: [], partner: '某超市', place: '早市', reason: 'spoiled', note: '', happened_on: DAY, ...some }
}

let order = 0
function item(id: string, some: Partial<Item>): Item {
  return { id, owner: 'o', order: ++order, kind: 'move', producer: 'P', needs: [], body: {}, title: id, state: 'waiting', attempts: 0, notBefore: 0, writtenAt: 0, ...some }
}
const part = (client_id: string, amount: string) => ({ client_id, amount, unit: 'kg' })
const wrong = (move: Move, lots = standing([LOT], [], 0)) => wrongWith(move, lots, DAY)?.word

describe('a quantity', () => {
  it('is counted in grams or pieces and shown in the unit a person chose', () => {
    expect([base('1.5', 'kg'), base('3', 'jin'), base('0.001', 't'), base('7', 'head')]).toEqual([1500, 1500, 1000, 7])
    expect([base('', 'kg'), base('-1', 'kg'), base('1e3', 'kg'), base('1.2345', 'kg')]).toEqual([NaN, NaN, NaN, NaN])
    expect([inUnit(1500, 'kg'), inUnit(1500, 'jin'), inUnit(1500000, 't')]).toEqual(['1.5', '3', '1.5'])
    expect(fitting('kg').map((one) => one.code)).toContain('jin')
    expect(fitting('head').map((one) => one.code)).toEqual(['head'])
  })
  it('comes back as it was from any unit of weight', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.constantFrom('kg', 'g', 'jin'), (thousandths, unit) => {
      const said = inUnit(base((thousandths / 1000).toFixed(3), unit), unit)
      expect(base(said, unit)).toBe(base((thousandths / 1000).toFixed(3), unit))
    }))
  })
})

describe('what a person wishes to do', () => {
  it('takes no more than is there, and makes nothing of what is certified', () => {
    expect(wrong(moved('retail', '1000'))).toBeUndefined()
    expect(wrong(moved('retail', '1000.5'))).toBe('move_over')
    expect(wrong(moved('retail', 'viel'))).toBe('amount_wrong')
    expect(wrong(moved('repack', '601', { makes: [part('a', '1')] }))).toBe('move_certified')
    expect(wrong(moved('repack', '600', { makes: [part('a', '590')] }))).toBeUndefined()
    expect(wrong(moved('repack', '600', { makes: [part('a', '601')] }))).toBe('move_more_out')
  })
  it('says to whom, where, why and when', () => {
    expect(wrong(moved('ship', '1', { partner: ' ' }))).toBe('move_whom_missing')
    expect(wrong(moved('return', '1', { partner: '' }))).toBe('move_whom_missing')
    expect(wrong(moved('return', '1', { partner: '' }), standing([{ ...LOT, born: 'intake' }], [], 0))).toBeUndefined()
    expect(wrong(moved('market', '1', { place: '' }))).toBe('move_place_missing')
    expect(wrong(moved('destroy', '1', { reason: '' }))).toBe('move_reason_missing')
    expect(wrong(moved('retail', '1', { happened_on: '2026-10-02' }))).toBe('move_day_wrong')
    expect(wrong(moved('retail', '1', { happened_on: '2026-09-29' }))).toBe('move_day_wrong')
    expect(wrong(moved('transform', '10', { makes: [part('a', '5')] }))).toBe('move_name_missing')
  })
  it('keeps the quantity by itself when it is a split or a merge', () => {
    const split = balanced(moved('split', '', { makes: [part('a', '100'), part('b', '50.5')] }))
    expect(split.takes[0]?.amount).toBe('150.5')
    const merge = balanced(moved('merge', '100', { takes: [{ lot_id: 'P.h1', amount: '100', unit: 'kg' }, { lot_id: 'P.h2', amount: '20', unit: 'jin' }], makes: [part('a', '')] }))
    expect([merge.makes[0]?.amount, lost(merge)]).toEqual(['110', 0])
    expect([wrong(moved('split', '1', { makes: [part('a', '1')] })), wrong(moved('merge', '1', { makes: [part('a', '1')] }))]).toEqual(['move_two_parts', 'move_two_lots'])
  })
  it('of a stopped lot is only what the law leaves', () => {
    expect([allowed('destroy', 'held'), allowed('ship', 'held'), allowed('return', 'held')]).toEqual([true, false, false])
    expect([allowed('destroy', 'recalled'), allowed('return', 'recalled'), allowed('retail', 'recalled')]).toEqual([true, true, false])
  })
  it('is corrected from what was sent of it', () => {
    for (const move of [moved('ship', '5', { to: { id: 'Q', name: '绿源' }, partner: '', place: '', reason: '' }), moved('split', '5', { partner: '', place: '', reason: '', makes: [part('a', '2'), part('b', '3')] })]) {
      expect(wish(request(move).body, '绿源')).toEqual(move)
    }
  })
})

const SPLIT = item('split-1', { path: '/c', body: { kind: 'split', happened_on: DAY, inputs: [{ lot_id: 'P.h1', amount: '300', unit: 'kg' }], outputs: [part('half-a', '100'), part('half-b', '200')] } })
const HARVEST = item('h9', { kind: 'record', title: '采收', body: { kind: 'harvest', amount: '80', unit: 'kg', happened_on: DAY, batch_id: 'P.b' } })

describe('what waits for what', () => {
  it('a lot whose harvest, split or receipt is unsent, and what was done to it before', () => {
    const receipt = item('r1', { kind: 'receipt', body: { happened_on: DAY, lines: [{ lot_id: 'Q.x', client_id: 'got-1', amount: '5', unit: 'kg' }] } })
    const all = [HARVEST, SPLIT, receipt]
    expect(follows(['P.h9'], all)).toEqual(['h9'])
    expect(follows(['P.half-a'], all)).toEqual(['split-1'])
    expect(follows(['P.got-1'], all)).toEqual(['r1'])
    expect(follows(['P.h1'], all)).toEqual(['split-1'])
    expect(follows(['P.h1'], [{ ...SPLIT, state: 'needs_fix' }])).toEqual(['split-1'])
    expect(follows(['P.h1', 'P.h9'], all.map((one) => ({ ...one, state: 'delivered' as const })))).toEqual([])
  })
  it('not what another login on this phone did to a lot, but what makes it, whoever wrote it', () => {
    const theirs = [HARVEST, SPLIT].map((one) => ({ ...one, owner: 'left' }))
    expect(follows(['P.h1'], theirs, 'o')).toEqual([])
    expect(follows(['P.h1'], [SPLIT], 'o')).toEqual(['split-1'])
    expect(follows(['P.h9', 'P.half-a'], theirs, 'o')).toEqual(['h9', 'split-1'])
  })
  it('nothing done to a lot overtakes what was done to it before', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('P.h1', 'P.h2', 'P.h3'), { minLength: 1, maxLength: 12 }), (lotIds) => {
      let box: Item[] = []
      lotIds.forEach((lot_id, place) => {
        box = [...box, item(`m${place}`, { needs: follows([lot_id], box), body: { kind: 'retail', lines: [{ lot_id, amount: '1', unit: 'kg' }] } })]
      })
      const sent: string[] = []
      for (let going = next(box, 'o', 0); going.length; going = next(box, 'o', 0)) {
        sent.push(...going.map((one) => one.id))
        box = box.map((one) => (going.some((other) => other.id === one.id) ? { ...one, state: 'delivered' } : one))
      }
      expect(sent).toHaveLength(lotIds.length)
      for (const lot of new Set(lotIds)) {
        const mine = sent.filter((id) => lotIds[Number(id.slice(1))] === lot)
        expect(mine).toEqual([...mine].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
      }
    }))
  })
})

describe('what is there', () => {
  const find = (id: string, items: Item[], at = 0, lots = [LOT]) => standing(lots, items, at).find((one) => one.id === id)
  it('is less what is on its way out, and more what is being made, until the platform has told so', () => {
    expect(find('P.h1', [SPLIT])).toMatchObject({ onHand: 700_000, loose: 300_000 })
    expect(find('P.half-b', [SPLIT])).toMatchObject({ onHand: 200_000, waits: true, crop: 'apple', product_name: '苹果' })
    const there = { ...SPLIT, state: 'delivered' as const, deliveredAt: 100 }
    expect(find('P.h1', [there], 50)).toMatchObject({ onHand: 700_000 })
    expect(find('P.h1', [there], 150)).toMatchObject({ onHand: 1_000_000 })
    expect(find('P.h9', [HARVEST])).toMatchObject({ onHand: 80_000, waits: true })
  })
  it('is not counted twice when only the answer was lost', () => {
    const half = { ...LOT, id: 'P.half-a', amount: '100', on_hand: '100', left: '100' }
    expect(find('P.h1', [SPLIT], 0, [{ ...LOT, on_hand: '700', left: '300' }, half])).toMatchObject({ onHand: 700_000 })
  })
  it('leaves as in the ledger: sold goods take their certificates first, spoilt ones go without', () => {
    const sold = item('s', { body: { kind: 'retail', lines: [{ lot_id: 'P.h1', amount: '500', unit: 'kg' }] } })
    expect(find('P.h1', [sold])).toMatchObject({ onHand: 500_000, loose: 500_000 })
    const spoilt = item('d', { body: { kind: 'destroy', lines: [{ lot_id: 'P.h1', amount: '500', unit: 'kg' }] } })
    expect(find('P.h1', [spoilt])).toMatchObject({ onHand: 500_000, loose: 100_000 })
    const market = item('m', { body: { kind: 'market', lines: [{ lot_id: 'P.h1', amount: '500', unit: 'kg' }] } })
    expect(find('P.h1', [market])).toMatchObject({ onHand: 1_000_000 })
  })
})

describe('what arrived', () => {
  const sent = [{ lot_id: 'Q.x', amount: '400', unit: 'kg', base: 400_000 }]
  const got = (amount: string, unit = 'kg') => [{ lot_id: 'Q.x', client_id: 'c', amount, unit }]
  it('is never more than was sent, and not nothing', () => {
    expect(wrongArrival(sent, got('400'))).toBeUndefined()
    expect(wrongArrival(sent, got('801', 'jin'))?.word).toBe('arrived_over')
    expect(wrongArrival(sent, got('0'))?.word).toBe('arrived_nothing')
    expect(wrongArrival(sent, got(''))?.word).toBe('amount_wrong')
    expect(missing(sent, got('390'))).toBe(10_000)
  })
})

describe('the book', () => {
  it('covers a month, or as much of it as there was', () => {
    expect(days('2026-02', DAY)).toEqual({ since: '2026-02-01', until: '2026-02-28' })
    expect(days('2026-10', DAY)).toEqual({ since: '2026-10-01', until: DAY })
    expect([shifted('2026-01', -1), shifted('2026-12', 1), after('2026-02-28')]).toEqual(['2025-12', '2027-01', '2026-03-01'])
  })
  it('tells what was left at its end from what is there now', () => {
    const total = { product_name: '苹果', unit: 'kg', in: '0', out: '30', lost: '0', change: '-30' }
    expect(closing(new Map([[key(total), 70]]), [total]).get('苹果 kg')).toBe(100)
  })
})

describe('the way of a lot', () => {
  it('goes from where it began to where it went, and counts what is too much to draw', () => {
    const node = (ref: number, step: number) => ({ ref, step, product_name: '苹果', born: 'harvest', born_on: DAY })
    const steps = chain([node(0, 0), node(1, -2), node(2, -1), ...Array.from({ length: 9 }, (_, at) => node(3 + at, 1))])
    expect(steps.map((one) => [one.step, one.shown.length, one.more])).toEqual([[-2, 1, 0], [-1, 1, 0], [0, 1, 0], [1, 6, 3]])
  })
})

describe('goods from outside', () => {
  const CAME: Intake = { crop: 'apple', name: '红富士', variety: '', amount: '20', unit: 'jin', partner: '外省合作社', place: '', happened_on: DAY }
  const PAPER: Paper = { kind: 'certificate', number: '外-1', issuer: '外省合作社', issued_on: DAY, amount: '20', unit: 'jin' }
  it('say what, how much, from whom and when, and of a paper who issued it', () => {
    const wanting = (some: Partial<Intake>) => { const one = wrongIntake({ ...CAME, ...some }, DAY); return one?.params?.what ?? one?.word }
    expect(wanting({})).toBeUndefined()
    expect([wanting({ crop: '' }), wanting({ amount: '0' }), wanting({ partner: ' 王 ' }), wanting({ happened_on: '2026-10-02' })]).toEqual(['product', 'amount_wrong', 'bought_from', 'day_wrong'])
    const paper = (some: Partial<Paper>) => { const one = wrongPaper({ ...PAPER, ...some }, DAY); return one?.params?.what ?? one?.word }
    expect(paper({})).toBeUndefined()
    expect([paper({ kind: '' }), paper({ number: ' ' }), paper({ issuer: '王' }), paper({ amount: '' }), paper({ issued_on: '' })]).toEqual(['paper_kind', 'paper_number', 'paper_issuer', 'amount_wrong', 'day_wrong'])
  })
  it('are corrected as they were said', () => {
    expect(intakeSaid(intakeBody(CAME, 'lot-1'))).toEqual({ intake: CAME, lot: 'lot-1' })
    expect(paperSaid(paperBody(PAPER, 'P.lot-1'))).toEqual(PAPER)
  })
  it('are there at once, and what is done to them follows them', () => {
    const came = item('i1', { kind: 'intake', body: intakeBody(CAME, 'l1') })
    const [, goods] = standing([LOT], [came], 0)
    expect(goods).toMatchObject({ id: 'P.l1', crop: 'apple', product_name: '红富士', unit: 'jin', onHand: 10000, loose: 10000, born: 'intake', waits: true })
    expect(follows(['P.l1'], [came])).toEqual(['i1'])
  })
})
