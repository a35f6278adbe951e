/** From a harvest to its certificate, as far as the phone can know: what is next for a lot, what may be asked, what an answer means. Pure. */
import type { Item } from '@/outbox/rules'
import { recordKinds } from '@/vocab'
import type { Key } from '@/words/dictionary'

export interface LotLike { id: string; left: string; on_hand?: string; unit: string; state: string }

/** What a person chose for a lot; `asked` once it was sent and no answer has come: then it must not change. */
export interface Choice { clientId: string; amount: string; unit: string; bases: string[]; asked: boolean }

export function firstChoice(lot: LotLike, clientId: string): Choice {
  return { clientId, amount: lot.left, unit: lot.unit, bases: ['quality_control'], asked: false }
}

/** The choice with something changed. One that was asked for stays as it is: the same id must not mean two things. */
export function chosen(choice: Choice, some: Partial<Pick<Choice, 'amount' | 'bases'>>): Choice {
  return choice.asked ? choice : { ...choice, ...some }
}

export type Answer = 'issued' | 'refused' | 'reused' | 'lost'

/** What the answer's status and reason say about whether the certificate exists. 0: no answer came. */
export function meant(status: number, reason: string): Answer {
  if (status === 409 && reason === 'client_id_reused') return 'reused'
  return status === 0 || status === 401 || status === 409 || status === 429 || status >= 500 ? 'lost' : 'refused'
}

/** The choice after an answer; undefined when there is nothing left to ask. `freshId` replaces an id that means another certificate. */
export function answered(choice: Choice, answer: Answer, freshId: string): Choice | undefined {
  if (answer === 'issued') return undefined
  if (answer === 'lost') return { ...choice, asked: true }
  return { ...choice, asked: false, clientId: answer === 'reused' ? freshId : choice.clientId }
}

/** What is wrong with it before anybody is asked; undefined when nothing is. */
export function wrongWith(choice: Choice, lot: LotLike): Key | undefined {
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(choice.amount) || Number(choice.amount) <= 0) return 'amount_wrong'
  if (Number(choice.amount) > Number(lot.left)) return 'amount_over'
  return choice.bases.length ? undefined : 'basis_missing'
}

export type Next = 'certify' | 'held' | 'all_certified' | 'gone'

export function nextFor(lot: LotLike): Next {
  if (lot.state !== 'free') return 'held'
  if (lot.on_hand !== undefined && !(Number(lot.on_hand) > 0)) return 'gone'
  return Number(lot.left) > 0 ? 'certify' : 'all_certified'
}

export type Step = 'records' | 'note' | 'amount' | 'bases' | 'wait' | 'sender' | 'ask'

const STEPS: Record<string, Step> = {
  gate_phi: 'wait', gate_withdrawal: 'wait', gate_quantity: 'amount',
  gate_no_records: 'note', gate_no_harvest: 'note',
  gate_record_incomplete: 'records', gate_ends_after_harvest: 'records', gate_unknown_input: 'records', gate_no_label: 'records',
  gate_parent_missing: 'sender', gate_parent_void: 'sender', gate_parents_too_small: 'sender', gate_parents_required: 'sender',
  gate_no_basis: 'bases', gate_basis_unknown: 'bases', gate_no_test: 'bases', gate_test_does_not_cover: 'bases',
}

/** What the person can do about a refusal; what is not theirs to mend is asked of an officer. */
export function stepFor(reason: string): Step {
  return STEPS[reason] ?? 'ask'
}

const YIELDING = new Set(recordKinds.filter((kind) => kind.yields).map((kind) => kind.code))

/** Whether it makes a lot. */
export function isHarvest(item: Item): boolean {
  return item.kind === 'record' && YIELDING.has(String(item.body.kind)) && !item.body.amends
}

/** Harvests whose lot the platform has not told of yet: still on the phone, or arrived since it was last asked. */
export function harvestsUnderWay(items: readonly Item[], lots: readonly { id: string }[]): Item[] {
  return items.filter(isHarvest)
    .filter((item) => !lots.some((lot) => lot.id === `${item.producer}.${item.id}`))
}
