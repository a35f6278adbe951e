/** What was bought, what is there, what was counted. Everything written goes through the outbox. */
import { call } from '@/api/request'
import { own } from '@/state/own'
import { here } from '@/state/session'
import { clientIdOf, type Out, type Purchase, type Shelf } from './farming'
import { add, flush, freshId, theOutbox } from './outbox'

export type Movement = Out<'MovementOut'>
export interface Bought { registration_no?: string; name?: string; manufacturer?: string; kind?: string; amount: string; unit: string; bought_on: string; dealer: string; batch_no?: string }

/** Rejects when the phone is full. */
export async function buy(bought: Bought, title: string): Promise<void> {
  const id = freshId()
  const producer = here()
  const body = { ...filled(bought), producer_id: producer, client_id: id }
  await add([{ id, kind: 'purchase', producer, path: '/api/v1/inputs/purchases', needs: [], body, title }])
  void flush(true)
}

/** A purchase that was refused, corrected. */
export async function correctPurchase(id: string, bought: Bought, title: string): Promise<void> {
  const item = theOutbox().list().find((one) => one.id === id)
  if (!item) return
  await theOutbox().correct(id, { ...filled(bought), producer_id: item.producer, client_id: id }, title)
  void flush(true)
}

function filled(bought: Bought): Record<string, string> {
  return Object.fromEntries(Object.entries(bought).filter((one): one is [string, string] => !!one[1]))
}

/** Entered wrongly: it stays visible and is taken off the shelf. Sent again it changes nothing. */
export async function cancelPurchase(purchase: Purchase, reason: string, title: string): Promise<void> {
  const path = `/api/v1/inputs/purchases/${purchase.id}/cancellation`
  await add([{ id: freshId(), kind: 'purchase_cancellation', producer: purchase.producer_id, path, needs: [clientIdOf(purchase.id)], body: { reason }, title }])
  void flush(true)
}

/** What is really there. */
export async function count(item: Shelf, amount: string, unit: string, counted_on: string, title: string): Promise<void> {
  const id = freshId()
  const producer = here()
  const body = { producer_id: producer, client_id: id, item: item.item, amount, unit, counted_on }
  await add([{ id, kind: 'stock_count', producer, path: '/api/v1/inputs/stock-counts', needs: [], body, title }])
  void flush(true)
}

export const history = (item: string) => own<Movement[]>(`movements:${here()}:${item}`, [])

/** What came and went of one input, newest entry first. Raises ApiError; what was kept stays. */
export async function refreshHistory(item: string): Promise<void> {
  const kept = history(item)
  const page = await call<{ items: Movement[] }>('GET', '/api/v1/inputs/movements', { query: { producer_id: here(), item, size: 100 } })
  await kept.set(page.items)
}
