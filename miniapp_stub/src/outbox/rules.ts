/**
 * Pure rules of the outbox: what may be sent now, and what an answer makes of an item. No clock, no storage, no network.
 *
 * An item leaves the outbox's care only as `delivered`; every other way out is a person's own decision and is kept too.
 */
import type { Label } from '@/rules/inputs'

export type State = 'waiting' | 'sending' | 'delivered' | 'needs_fix' | 'conflict'
/** What it is to a person; how it is sent is said by `path` and `file`. Records alone go together. */
export type Kind = 'record' | 'batch' | 'site' | 'photo' | 'product' | 'purchase' | 'purchase_cancellation' | 'stock_count' | 'lot' | 'move' | 'receipt' | 'intake' | 'proof' | 'shipment_answer' | 'visit' | 'visit_file' | 'complaint_step' | 'decision' | 'declaration' | 'answer' | 'answer_photo' | 'question' | 'question_step'
export type Body = Record<string, unknown>
export interface Problem { reason: string; message: string; hint?: string; field?: string }

/** What is known of the inputs of a deed. */
export type Said = Pick<Item, 'labels' | 'kinds'>

export interface Item {
  /** The client id the server knows it by: the same whenever it is sent again. */
  id: string
  /** The account that wrote it; nobody else's login ever sends it. */
  owner: string
  /** Place in the order of writing. */
  order: number
  kind: Kind
  producer: string
  /** Where it is posted; records have their own way. */
  path?: string
  /** Ids that must have arrived before (the batch of a record, the sites of a batch). */
  needs: string[]
  body: Body
  /** A local file, sent as the form field `part` with the body as the rest of the form. */
  file?: string
  part?: string
  /** What labels say of the inputs used, by registration number: not sent, but needed for the ring. */
  labels?: Record<string, Label[]>
  /** As what they are registered, likewise. */
  kinds?: Record<string, string>
  /** What a person reads in the list. */
  title: string
  state: State
  attempts: number
  notBefore: number
  writtenAt: number
  deliveredAt?: number
  problem?: Problem
}

export type Answer =
  | { outcome: 'created' }
  | { outcome: 'duplicate'; differs: boolean }
  | { outcome: 'rejected'; problem: Problem }
  | { outcome: 'lost' }

const FIRST_WAIT = 5_000
const LONGEST_WAIT = 300_000
export const BATCH = 50

/** Milliseconds before the next try: 5 s doubled each time, five minutes at most. */
export function wait(attempts: number): number {
  return Math.min(FIRST_WAIT * 2 ** Math.max(attempts - 1, 0), LONGEST_WAIT)
}

/** After the app was killed in the middle of sending: whether it arrived is unknown, so it is sent again. */
export function recovered(item: Item): Item {
  return item.state === 'sending' ? { ...item, state: 'waiting', notBefore: 0 } : item
}

/**
 * What may go now, oldest first: up to fifty records together, or one of the other kinds alone.
 * What needs something that has not arrived waits; what must be corrected holds up only what needs it. What conflicts is on the
 * server, in another version: nothing waits for a person to choose. `held` is being changed and stays.
 */
export function next(items: readonly Item[], owner: string, now: number, held: ReadonlySet<string> = new Set()): Item[] {
  const ready = unhindered(items, owner).filter((item) => item.notBefore <= now && !held.has(item.id)).sort((a, b) => a.order - b.order)
  const [first] = ready
  if (!first) return []
  return first.kind === 'record' ? ready.filter((item) => item.kind === 'record').slice(0, BATCH) : [first]
}

/** When the next of an owner's items may go again, ms; undefined when nothing waits for time alone. */
export function soonest(items: readonly Item[], owner: string): number | undefined {
  const times = unhindered(items, owner).map((item) => item.notBefore)
  return times.length ? Math.min(...times) : undefined
}

function unhindered(items: readonly Item[], owner: string): Item[] {
  const missing = new Set(items.filter((item) => item.state !== 'delivered' && item.state !== 'conflict').map((item) => item.id))
  return items.filter((item) => item.owner === owner && item.state === 'waiting' && !item.needs.some((id) => missing.has(id)))
}

/** The item after the server's answer, or after none came. */
export function settled(item: Item, answer: Answer, now: number): Item {
  switch (answer.outcome) {
    case 'created':
      return delivered(item, now)
    case 'duplicate':
      return answer.differs ? { ...item, state: 'conflict', problem: undefined } : delivered(item, now)
    case 'rejected':
      return { ...item, state: 'needs_fix', problem: answer.problem }
    case 'lost':
      return { ...item, state: 'waiting', attempts: item.attempts + 1, notBefore: now + wait(item.attempts + 1) }
  }
}

function delivered(item: Item, now: number): Item {
  return { ...item, state: 'delivered', deliveredAt: now, problem: undefined }
}

/** Corrected by its writer: it goes again, under the same id; `said` is learnt besides. Raises for what is on its way or has arrived. */
export function corrected(item: Item, body: Body, title: string, said: Said = {}): Item {
  if (item.state !== 'needs_fix' && item.state !== 'waiting') throw new Error(`cannot correct what is ${item.state}`)
  const [labels, kinds] = [{ ...item.labels, ...said.labels }, { ...item.kinds, ...said.kinds }]
  return { ...item, labels, kinds, body, title, state: 'waiting', attempts: 0, notBefore: 0, problem: undefined }
}

/**
 * Written by another account for the same producer and left on this phone (who logs in again with a new invitation is a new
 * account): whoever may write for that producer takes it over, by a person's own decision. Raises for what is on its way.
 */
export function adopted(item: Item, owner: string): Item {
  if (item.state === 'sending' || item.state === 'delivered') throw new Error(`cannot adopt what is ${item.state}`)
  return { ...item, owner, notBefore: 0 }
}

/** What an officer did is theirs alone, whoever works for the producer. */
const OFFICERS: ReadonlySet<Kind> = new Set(['visit', 'visit_file', 'complaint_step', 'decision', 'question', 'question_step'] as const)

/** What others wrote for these producers and never sent. */
export function strangers(items: readonly Item[], owner: string, producers: readonly string[]): Item[] {
  const open = (item: Item) => item.state !== 'sending' && item.state !== 'delivered'
  return items.filter((item) => item.owner !== owner && producers.includes(item.producer) && !OFFICERS.has(item.kind) && open(item))
}

const KEPT_DAYS = 60

/** Delivered long ago: the server has it, the phone may forget it. Nothing else is ever forgotten by itself. */
export function forgettable(item: Item, now: number): boolean {
  return item.state === 'delivered' && now - (item.deliveredAt ?? now) > KEPT_DAYS * 86_400_000
}
