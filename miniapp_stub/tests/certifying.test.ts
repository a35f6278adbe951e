/** From harvest to certificate on the phone: one certificate however often the answer is lost, and a next step for every lot and refusal. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answered, chosen, firstChoice, harvestsUnderWay, meant, nextFor, stepFor, wrongWith, type Choice } from '../src/rules/certifying'
import type { Item } from '../src/outbox/rules'

const LOT = { id: 'p.h1', left: '120.5', unit: 'kg', state: 'free' }

/** The server: keeps the first of each id, refuses what is over. */
class Server {
  issued = new Map<string, string>()
  post(choice: Choice): { status: number; reason: string } {
    const body = `${choice.amount} ${choice.bases.join()}`
    const there = this.issued.get(choice.clientId)
    if (there !== undefined) return there === body ? { status: 201, reason: '' } : { status: 409, reason: 'client_id_reused' }
    if (Number(choice.amount) > 100) return { status: 422, reason: 'gate_refused' }
    this.issued.set(choice.clientId, body)
    return { status: 201, reason: '' }
  }
}

describe('a certificate asked for', () => {
  it('is issued once, whatever is lost, changed or asked again', () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant('ask' as const), lost: fc.constantFrom('no', 'before', 'after') }),
      fc.record({ do: fc.constant('change' as const), amount: fc.constantFrom('10', '90', '120') }),
    )
    fc.assert(fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      const server = new Server()
      let fresh = 0
      let choice: Choice | undefined = firstChoice(LOT, `id-${fresh++}`)
      for (const one of acts) {
        if (!choice) break
        if (one.do === 'change') { choice = chosen(choice, { amount: one.amount }); continue }
        const asking: Choice = { ...choice, asked: true }
        const told = one.lost === 'before' ? { status: 0, reason: 'offline' } : server.post(asking)
        const heard = one.lost === 'after' ? { status: 0, reason: 'offline' } : told
        choice = answered(asking, heard.status === 201 ? 'issued' : meant(heard.status, heard.reason), `id-${fresh++}`)
      }
      expect(server.issued.size).toBeLessThanOrEqual(1)
      if (!choice) expect(server.issued.size).toBe(1)
      if (choice && !choice.asked) expect(server.issued.size).toBe(0)
    }))
  })

  it.each([[0, '', 'lost'], [500, '', 'lost'], [503, '', 'lost'], [429, '', 'lost'], [401, '', 'lost'], [409, 'certificate_busy', 'lost'],
    [409, 'client_id_reused', 'reused'], [422, 'gate_refused', 'refused'], [403, '', 'refused']] as const)('after %s %s is %s', (status, reason, answer) => {
    expect(meant(status, reason)).toBe(answer)
  })

  it('begins with all that is left, and is not sent when it cannot be right', () => {
    const choice = firstChoice(LOT, 'a')
    expect(choice.amount).toBe('120.5')
    expect(wrongWith(choice, LOT)).toBeUndefined()
    expect(wrongWith({ ...choice, amount: '120.6' }, LOT)).toBe('amount_over')
    for (const amount of ['', '0', '-1', '1e3', '一百', '1.2345']) expect(wrongWith({ ...choice, amount }, LOT)).toBe('amount_wrong')
    expect(wrongWith({ ...choice, bases: [] }, LOT)).toBe('basis_missing')
  })
})

describe('a lot', () => {
  it('has one thing to do next', () => {
    expect(nextFor(LOT)).toBe('certify')
    expect(nextFor({ ...LOT, left: '0' })).toBe('all_certified')
    expect(nextFor({ ...LOT, state: 'held' })).toBe('held')
  })

  it('is under way until the platform tells of it', () => {
    const item = (id: string, body: object, state: Item['state'] = 'waiting'): Item =>
      ({ id, owner: 'o', order: 1, kind: 'record', producer: 'p', needs: [], title: '', state, attempts: 0, notBefore: 0, writtenAt: 0, body: { kind: 'harvest', ...body } })
    const items = [item('h1', {}, 'delivered'), item('h2', {}, 'delivered'), item('h3', {}), item('h4', { amends: 'p.h1' }), item('w', { kind: 'weeding' })]
    expect(harvestsUnderWay(items, [{ id: 'p.h1' }]).map((one) => one.id)).toEqual(['h2', 'h3'])
  })
})

describe('a refusal of the gate', () => {
  const reasons = (JSON.parse(readFileSync(path.resolve(__dirname, '../../schemas/vocab/reasons_certificates.json'), 'utf8')) as { terms: { code: string }[] }).terms.map((one) => one.code)

  it('names only reasons the gate has, and what is not known is asked of an officer', () => {
    const source = readFileSync(path.resolve(__dirname, '../src/rules/certifying.ts'), 'utf8')
    const named = [...new Set(source.match(/gate_\w+/g))]
    expect(named.length).toBeGreaterThan(8)
    expect(named.filter((one) => !reasons.includes(one))).toEqual([])
    expect(stepFor('gate_phi')).toBe('wait')
    expect(stepFor('gate_of_tomorrow')).toBe('ask')
  })
})
