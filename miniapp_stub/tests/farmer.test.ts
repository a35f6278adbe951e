/** Pure rules of a farmer's pages: codes on packs, doses, what is offered first, telling and comparing, notices, land. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Item } from '../src/outbox/rules'
import { whole } from '../src/rules/doses'
import { unbuyable } from '../src/rules/inputs'
import { shape } from '../src/rules/land'
import { current } from '../src/rules/log'
import { subject } from '../src/rules/notices'
import { offered } from '../src/rules/offers'
import { pack } from '../src/rules/packs'
import { length } from '../src/rules/records'
import { compared, lines } from '../src/rules/telling'

const UNIT = `1151234${'1001'}${'7'.repeat(21)}`

describe('the code on a pack', () => {
  it.each([UNIT, `https://maker.example/trace?id=${UNIT}`, `http://x.cn/${UNIT}/a`])('of a pesticide is its unit code: %s', (text) => {
    expect(pack([text])).toEqual({ kind: 'label', key: 'unit:1151234', q: UNIT })
  })
  it('is the same for every unit of one registration', () => {
    const other = UNIT.slice(0, 11) + '9'.repeat(21)
    expect(pack([other])).toMatchObject({ key: 'unit:1151234' })
  })
  it('may be a registration number written out', () => {
    expect(pack(['农药登记证号 pd20151234 某厂'])).toEqual({ kind: 'number', key: 'number:PD20151234', q: 'PD20151234' })
  })
  it('of the trade is only remembered, and the register’s own goes first', () => {
    expect(pack(['6901234567892'])).toEqual({ kind: 'bar', key: 'bar:6901234567892' })
    expect(pack(['6901234567892', UNIT]).kind).toBe('label')
  })
  it('never throws', () => {
    fc.assert(fc.property(fc.array(fc.string({ maxLength: 100 }), { maxLength: 5 }), (texts) => ['label', 'number', 'bar', 'nothing'].includes(pack(texts).kind)))
  })
})

describe('a dose', () => {
  it('per mu is multiplied by the land', () => {
    expect(whole('20', 'g_per_mu', 2.5)).toEqual({ amount: '50', unit: 'g' })
    expect(whole('0.1', 'kg_per_mu', 3)).toEqual({ amount: '0.3', unit: 'kg' })
  })
  it.each([['20', 'g'], ['1500', 'dilution'], ['', 'g_per_mu'], ['二十', 'g_per_mu']])('of %s %s is not', (amount, unit) => {
    expect(whole(amount, unit, 2)).toBeUndefined()
  })
})

describe('buying', () => {
  const rule = { substance: '百草枯', measure: 'banned', crop_classes: ['*'], effective_from: '2020-09-26', announcement: 'x' }
  it('stops at what is forbidden altogether, and only there', () => {
    const input = { name: 'x', registration_no: 'PD1', actives: ['百草枯'] }
    expect(unbuyable(input, '2026-01-01', [rule]).kind).toBe('banned')
    expect(unbuyable(input, '2020-01-01', [rule]).kind).toBe('fine')
    expect(unbuyable(input, '2026-01-01', [{ ...rule, exempt_methods: ['seed_coating'] }]).kind).toBe('fine')
    expect(unbuyable(input, '2026-01-01', [{ ...rule, crop_classes: ['fruit'] }]).kind).toBe('fine')
  })
})

describe('what is offered', () => {
  const shelf = [
    { registration_no: 'PD1', name: '甲', manufacturer: '厂', kind: 'pesticide', on_hand: '500' },
    { registration_no: 'PD2', name: '乙', manufacturer: null, kind: 'pesticide', on_hand: '0' },
    { registration_no: null, name: '羊粪', manufacturer: null, kind: 'fertiliser', on_hand: '9' },
  ]
  const purchases = [{ item: 'PD1', registration_no: 'PD1', name: '甲', dealer: '新店', cancelled: false }, { item: 'PD1', registration_no: 'PD1', name: '甲', dealer: '老店', cancelled: false }]
  const kept = { producer: 'p', shelf, purchases }
  const usual = [{ name: '甲', registration_no: 'PD1', method: 'foliar_spray', unit: 'g_per_mu', amount: '20', source: '老店' }, { name: '丙', registration_no: 'PD3' }]
  const catalogue = { PD1: { name: '甲', labels: [{ crop: '苹果', phi_days: 14 }], actives: ['吡虫啉'] } }
  it('first is what stands on the shelf, with its dealer, its label and the last way of use', () => {
    const { bought, before } = offered(['pesticide'], kept, usual, catalogue, [])
    expect(bought).toEqual([{ name: '甲', registration_no: 'PD1', manufacturer: '厂', kind: 'pesticide', source: '新店', method: 'foliar_spray', unit: 'g_per_mu', amount: '20', labels: [{ crop: '苹果', phi_days: 14 }], actives: ['吡虫啉'] }])
    expect(before.map((one) => one.name)).toEqual(['丙'])
  })
  it('is also what the book is short of, after what is there', () => {
    const short = { ...shelf[1]!, on_hand: '-20' }
    expect(offered(['pesticide'], { ...kept, shelf: [short, shelf[0]!] }, [], {}, []).bought.map((one) => one.name)).toEqual(['甲', '乙'])
  })
  it('counts what was bought on this phone and not yet sent', () => {
    const body = { name: '丁', registration_no: 'PD4', kind: 'pesticide', dealer: '镇店' }
    const item = { id: 'a', owner: 'o', order: 1, kind: 'purchase', producer: 'p', needs: [], body, title: '', state: 'waiting', attempts: 0, notBefore: 0, writtenAt: 0 } satisfies Item
    expect(offered(['pesticide'], kept, [], {}, [item]).bought[0]).toMatchObject({ name: '丁', source: '镇店' })
    expect(offered(['pesticide'], kept, [], {}, [{ ...item, producer: 'other' }]).bought.map((one) => one.name)).toEqual(['甲'])
  })
})

describe('telling', () => {
  const here = { kind: 'pesticide', happened_on: '2026-06-01', site_ids: ['p.a'], target: '蚜虫', inputs: [{ name: '甲', amount: '20', unit: 'g_per_mu', method: 'foliar_spray' }] }
  it('says labels and words, never codes', () => {
    const text = lines(here, 'zh', { 'p.a': '东塬' }).map((line) => line.text).join('|')
    expect(text).toBe('用药|2026-06-01|东塬|蚜虫|甲 20 克/亩 叶面喷雾')
    expect(lines(here, 'en', {}).map((line) => line.text).join('|')).not.toMatch(/g_per_mu|foliar_spray/)
  })
  it('marks the lines that differ, and takes 20 and 20.000 for the same', () => {
    const there = { ...here, target: '红蜘蛛', inputs: [{ ...here.inputs[0], amount: '20.000' }] }
    const seen = compared(lines(here, 'zh', {}), lines(there, 'zh', {}))
    expect(seen.filter((line) => !line.same).map((line) => line.key)).toEqual(['f_target'])
  })
})

describe('the log of a batch', () => {
  const version = (root_id: string, version: number, happened_on: string) => ({ root_id, version, happened_on })
  it('shows the newest version of each record, newest deed first', () => {
    const shown = current([version('a', 2, '2026-05-01'), version('b', 1, '2026-06-01'), version('a', 1, '2026-05-02')])
    expect(shown.map((one) => [one.record.root_id, one.record.version, one.versions])).toEqual([['b', 1, 1], ['a', 2, 2]])
  })
})

describe('land', () => {
  const corner = fc.record({ lon: fc.double({ min: -180, max: 180, noNaN: true }), lat: fc.double({ min: -90, max: 90, noNaN: true }) })
  it('is a point where one stood, and a closed ring from three corners on', () => {
    fc.assert(fc.property(fc.array(corner, { minLength: 1, maxLength: 12 }), (corners) => {
      const made = shape(corners)
      if (corners.length < 3) {
        expect(made).toEqual({ type: 'Point', coordinates: [corners[0]!.lon, corners[0]!.lat] })
        return
      }
      const [ring] = made.coordinates as [number, number][][]
      expect(ring).toHaveLength(corners.length + 1)
      expect(ring![0]).toEqual(ring!.at(-1))
    }))
  })
})

describe('small things', () => {
  it('count an emoji once', () => { expect(length('苹果🍎🍎')).toBe(4) })
  it('lead from a notice to what it speaks of', () => {
    expect(subject('phi_ended', 'p.b')?.page).toBe('/farmer/records/index?batch=p.b')
    expect(subject('phi_ended', '')).toBeUndefined()
    expect(subject('holidays_missing', '')).toBeUndefined()
  })
})
