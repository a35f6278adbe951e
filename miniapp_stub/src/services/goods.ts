/** Goods on the move: what is under way, doing something to lots, the history of one, the book. What is written goes through the outbox. */
import { call, download, type Fetched } from '@/api/request'
import { follows, request, type LotLike, type Move } from '@/rules/moving'
import { intakeBody, paperBody, type Intake, type Paper } from '@/rules/intake'
import type { ArrivedLine } from '@/rules/receiving'
import type { Node } from '@/rules/chain'
import type { Month, Total } from '@/rules/book'
import type { Item } from '@/outbox/rules'
import { own } from '@/state/own'
import { here, session } from '@/state/session'
import type { Store } from '@/state/store'
import { lots, lotsAt, openLots, proofsOf, type Proof } from './certificates'
import type { Out } from './farming'
import { add, flush, freshId, theOutbox } from './outbox'

export type Event = Omit<Out<'LotEventOut'>, 'takes' | 'makes' | 'answer'> & { takes: Out<'EventLine'>[]; makes: Out<'EventLine'>[]; answer?: { note?: string; lines?: { lot_id: string; sent: number; received: number }[] } }
export interface Traffic { incoming: Event[]; sent: Event[]; differs: Event[]; at: number }
export interface Story { nodes: Node[]; events: Event[]; proofs: Proof[]; truncated: boolean; at: number }
export interface Partner { id?: string; name: string }
export type Recipient = Out<'RecipientOut'>
export type Book = Omit<Out<'BookOut'>, 'totals'> & { totals: Total[]; lines: Out<'BookLine'>[] }
type Listed = { items: Event[] }

export const traffic = () => own<Traffic | null>(`traffic:${here()}`, null)
export const story = (lot: string) => own<Story | null>(`story:${lot}`, null)
export const shipment = (id: string) => own<{ event: Event; proofs: Proof[] } | null>(`shipment:${id}`, null)
export const partners = () => own<Partner[]>(`partners:${here()}`, [])
export const book = (month: string) => own<Book | null>(`book:${here()}:${month}`, null)

/** What is under way to and from the producer. Raises ApiError; what was kept stays. */
export async function refreshTraffic(): Promise<void> {
  const producer_id = here()
  if (!producer_id) return
  const [kept, at] = [traffic(), Date.now()]
  const asked = (direction: string, state: string) => call<Listed>('GET', '/api/v1/lots/shipments', { query: { producer_id, direction, state, size: 100 } })
  const [incoming, sent, differs] = await Promise.all([asked('in', 'sent'), asked('out', 'sent'), asked('out', 'differs')])
  await kept.set({ incoming: incoming.items, sent: sent.items, differs: differs.items, at })
}

/** As it was kept, then anew when there is signal. Returns whether it is of now. */
export async function openTraffic(): Promise<boolean> {
  await traffic().load()
  return refreshTraffic().then(() => true, () => false)
}

/** One shipment with the certificates that go with it. Raises ApiError; what was kept stays. */
export async function refreshShipment(id: string): Promise<void> {
  const kept = shipment(id)
  const [event, proofs] = await Promise.all([
    call<Event>('GET', `/api/v1/lots/shipments/${id}`),
    call<{ items: Proof[] }>('GET', `/api/v1/lots/shipments/${id}/certificates`),
  ])
  await kept.set({ event, proofs: proofs.items })
}

/** The history of a lot both ways, what was done to it, and the certificates it came in with. Raises ApiError. */
export async function refreshStory(lot: string): Promise<void> {
  const [kept, at] = [story(lot), Date.now()]
  const [found, events, proofs] = await Promise.all([
    call<{ nodes: Node[]; truncated: boolean }>('GET', `/api/v1/lots/${lot}/trace`),
    call<Listed>('GET', '/api/v1/lots/events', { query: { producer_id: here(), lot_id: lot } }),
    proofsOf(lot),
  ])
  await kept.set({ nodes: found.nodes, truncated: found.truncated, events: events.items, proofs, at })
}

/** Whom goods were sent to before, newest first. Raises ApiError; what was kept stays. */
export async function refreshPartners(): Promise<void> {
  const [kept, producer_id] = [partners(), here()]
  const known = await call<Listed>('GET', '/api/v1/lots/events', { query: { producer_id, size: 100 } })
  const sent = known.items.filter((one) => one.kind === 'ship' && one.partner)
  const named = new Map(sent.map((one) => [one.to_producer_id ?? one.partner, { id: one.to_producer_id, name: one.partner }]))
  await kept.set([...named.values()].slice(0, 8))
}

/** Whom a code stands for. Raises ApiError, 404 when nobody. */
export async function findRecipient(code: string): Promise<Recipient> {
  return call<Recipient>('GET', '/api/v1/lots/recipients', { query: { code: code.trim() } })
}

/** Keep something done to lots on the phone; it follows what makes them and what was done to them before. Rejects when the phone is full. */
export async function move(wished: Move, title: string): Promise<void> {
  const { path, body } = request(wished)
  const id = freshId()
  const [producer, kept] = [here(), partners()]
  const needs = follows(wished.takes.map((one) => one.lot_id), theOutbox().list(), session.get()?.accountId)
  await add([{ id, kind: 'move', producer, path, needs, body: { ...body, producer_id: producer, client_id: id }, title }])
  if (wished.to) await rememberPartner(kept, wished.to)
  void flush(true)
}

/** Something refused, corrected: it goes again under the same id. */
export async function correctMove(item: Item, wished: Move, title: string): Promise<void> {
  await theOutbox().correct(item.id, { ...request(wished).body, producer_id: item.producer, client_id: item.id }, title)
  void flush(true)
}

async function rememberPartner(kept: Store<Partner[]>, one: Partner): Promise<void> {
  await kept.set([one, ...kept.get().filter((other) => other.id !== one.id)].slice(0, 8)).catch(() => undefined)
}

export interface Arrived { lines: ArrivedLine[]; happened_on: string; note: string }

/** Keep what arrived of a shipment. Rejects when the phone is full. */
export async function receive(sent: Event, arrived: Arrived, title: string): Promise<void> {
  const id = freshId()
  const path = `/api/v1/lots/shipments/${sent.id}/receipt`
  await add([{ id, kind: 'receipt', producer: here(), path, needs: [], body: { ...arrived, client_id: id }, title }])
  void flush(true)
}

export async function correctReceipt(item: Item, arrived: Arrived, title: string): Promise<void> {
  await theOutbox().correct(item.id, { ...arrived, client_id: item.id }, title)
  void flush(true)
}

/** Goods from outside, and the paper they came with, which follows them. Rejects when the phone is full. */
export async function takeIn(came: Intake, title: string, came_with?: { paper: Paper; title: string }): Promise<void> {
  const [id, lot, other, producer] = [freshId(), freshId(), freshId(), here()]
  const goods = { id, kind: 'intake' as const, producer, path: '/api/v1/lots/intakes', needs: [], body: { ...intakeBody(came, lot), producer_id: producer, client_id: id }, title }
  const paper = came_with && { ...proof(other, producer, `${producer}.${lot}`, came_with.paper, came_with.title), needs: [id] }
  await add(paper ? [goods, paper] : [goods])
  void flush(true)
}

/** A paper for goods from outside that are there already, or wait on this phone. Rejects when the phone is full. */
export async function enterPaper(lotId: string, paper: Paper, title: string): Promise<void> {
  await add([{ ...proof(freshId(), here(), lotId, paper, title), needs: follows([lotId], theOutbox().list(), session.get()?.accountId) }])
  void flush(true)
}

function proof(id: string, producer: string, lotId: string, paper: Paper, title: string) {
  return { id, kind: 'proof' as const, producer, path: '/api/v1/certificates/proofs', body: { ...paperBody(paper, lotId), client_id: id }, title }
}

export async function correctIntake(item: Item, came: Intake, lot: string, title: string): Promise<void> {
  await theOutbox().correct(item.id, { ...intakeBody(came, lot), producer_id: item.producer, client_id: item.id }, title)
  void flush(true)
}

export async function correctPaper(item: Item, paper: Paper, title: string): Promise<void> {
  await theOutbox().correct(item.id, { ...paperBody(paper, String(item.body.lot_id)), client_id: item.id }, title)
  void flush(true)
}

export type Answer = 'refusal' | 'cancellation' | 'settlement'

const ANSWERS: Record<Answer, (id: string) => string> = {
  refusal: (id) => `/api/v1/lots/shipments/${id}/refusal`,
  cancellation: (id) => `/api/v1/lots/shipments/${id}/cancellation`,
  settlement: (id) => `/api/v1/lots/shipments/${id}/settlement`,
}

/** Refuse a shipment, call one back, or agree to what was counted. Sent again it changes nothing. */
export async function answer(sent: Event, said: Answer, note: string, title: string): Promise<void> {
  await add([{ id: freshId(), kind: 'shipment_answer', producer: here(), path: ANSWERS[said](sent.id), needs: [], body: { note }, title }])
  void flush(true)
}

/** What this phone has to say of a shipment and the platform does not know yet. */
export function answering(items: readonly Item[], shipmentId: string): Item | undefined {
  const mine = items.find((item) => (item.kind === 'receipt' || item.kind === 'shipment_answer') && item.path?.split('/')[5] === shipmentId)
  return mine && (mine.state !== 'delivered' || (mine.deliveredAt ?? 0) > (traffic().get()?.at ?? 0)) ? mine : undefined
}

/** A month of the book. Raises ApiError; what was kept stays. */
export async function refreshBook(month: string, span: Month): Promise<void> {
  const kept = book(month)
  await kept.set(await call<Book>('GET', '/api/v1/lots/ledger', { query: { producer_id: here(), ...span } }))
}

/** What changed in a span. Raises ApiError. */
export async function changes(span: Month): Promise<Total[]> {
  return (await call<Book>('GET', '/api/v1/lots/ledger', { query: { producer_id: here(), ...span } })).totals
}

/** The same as a workbook. Raises ApiError. */
export async function workbook(span: Month): Promise<Fetched> {
  return download('/api/v1/lots/ledger.xlsx', { producer_id: here(), ...span })
}

/** Lots, what is under way and whom one sends to, as kept and then anew. Returns whether they are of now. */
export async function openGoods(): Promise<boolean> {
  await partners().load()
  const [one, other] = await Promise.all([openLots(), openTraffic()])
  if (one && other) await refreshPartners().catch(() => undefined)
  return one && other
}

export { lots, lotsAt }
export type { LotLike, Proof }
