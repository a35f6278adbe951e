/** The log of one batch as the platform has it, kept for when there is no signal; and setting a different version right. */
import { call } from '@/api/request'
import type { Draft } from '@/outbox/outbox'
import type { Said } from '@/outbox/rules'
import { own } from '@/state/own'
import { clientIdOf, pictured, sent, type Out, type Used } from './farming'
import { add, flush, freshId } from './outbox'
import { keepWith } from './photos'

export type Written = Out<'RecordOut'>
export interface Log { records: Written[]; at: number }

export const log = (batch: string) => own<Log | null>(`log:${batch}`, null)

const MOST_PAGES = 20

/** Every version of every record, newest entry first. Raises ApiError; what was kept stays. */
export async function refreshLog(batch: string): Promise<void> {
  const kept = log(batch)
  const records: Written[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const some = await call<{ items: Written[]; next_cursor: string | null }>('GET', `/api/v1/farming/batches/${batch}/records`, { query: { cursor, size: 100 } })
    records.push(...some.items)
    cursor = some.next_cursor ?? undefined
    if (!cursor) break
  }
  await kept.set({ records, at: Date.now() })
}

/** What the platform has of a record that conflicts; undefined when it cannot be read now. */
export async function stored(batch: string, clientId: string): Promise<Written | undefined> {
  const kept = log(batch)
  await refreshLog(batch).catch(() => kept.load())
  return kept.get()?.records.find((one) => clientIdOf(one.id) === clientId)
}

const VERSIONED = ['kind', 'happened_on', 'ended_on', 'site_ids', 'target', 'note', 'amount', 'unit', 'worker', 'inputs'] as const

/** What of a record a new version may say differently; empty fields are left out. */
export function versionOf(record: object): Record<string, unknown> {
  const there = record as Record<string, unknown>
  const filled = (one: object) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null && value !== undefined && value !== ''))
  const said = filled(Object.fromEntries(VERSIONED.map((name) => [name, there[name]])))
  return { ...said, inputs: ((there.inputs ?? []) as Used[]).map((one) => filled(sent(one))) }
}

/** Send this phone's version of a record as a correction of the platform's, with what is known of its inputs, and more photos of it.
 * Rejects when the phone is full, and then nothing is kept. */
export async function amend(body: Record<string, unknown>, reason: string, title: string, { labels, kinds }: Said, photos: readonly string[] = []): Promise<void> {
  const id = freshId()
  const batch = String(body.batch_id)
  const producer = batch.slice(0, batch.indexOf('.'))
  const old = String(body.client_id)
  const amends = `${producer}.${old}`
  const record: Draft = { id, kind: 'record', producer, needs: [], body: { ...body, client_id: id, amends, amend_reason: reason }, title, labels, kinds }
  await keepWith(photos, (file) => pictured(file, old, producer, title), (pictures) => add([record, ...pictures]))
  void flush(true)
}
