/** A producer's declaration: the draft stays on the phone, what is sent goes through the outbox. */
import { said, type Draft } from '@/rules/declaring'
import { own } from '@/state/own'
import { add, flush, freshId, theOutbox } from './outbox'

/** What is being written for this producer. */
export const draftOf = (producer: string) => own<Draft | null>(`declare:${producer}`, null)

/**
 * Send the draft, now or when there is signal; it waits for land and products that were made on this phone. What was refused goes
 * again under its own id, unless that very id is why. Rejects when the phone is full.
 */
export async function declare(producer: string, draft: Draft, refused: string | undefined, title: string): Promise<void> {
  const written = draftOf(producer)
  const item = theOutbox().list().find((one) => one.id === refused)
  const body = said(draft)
  const again = item?.state === 'needs_fix' && item.problem?.reason !== 'client_id_used'
  if (item && again) await theOutbox().correct(item.id, { ...body, client_id: item.id }, title)
  else {
    const id = freshId()
    const needs = [...body.site_ids, ...body.product_ids].map((one) => one.slice(one.indexOf('.') + 1))
    await add([{ id, kind: 'declaration', producer, path: `/api/v1/producers/${producer}/declarations`, needs, body: { ...body, client_id: id }, title }])
    if (item) await theOutbox().giveUp(item.id).catch(() => undefined) // it is in the list, to be given up there
  }
  await written.set(null).catch(() => undefined) // what was sent is told before a draft that stayed behind
  void flush(true)
}
