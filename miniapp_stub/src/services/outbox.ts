/** The app's one outbox on the phone's storage and the farming API. */
import { useSyncExternalStore } from 'react'
import { ApiError, call, upload } from '@/api/request'
import { Outbox } from '@/outbox/outbox'
import { soonest, type Answer, type Item, type Problem } from '@/outbox/rules'
import { clockOffset, session } from '@/state/session'
import * as port from '@/storage/port'

const PREFIX = 'outbox:'
let outbox: Outbox | undefined

const keep = {
  all: async () => (await port.readAll(PREFIX)) as Item[],
  put: async (items: readonly Item[]) => {
    await port.write(items.map((item) => [PREFIX + item.id, item] as const))
    await Promise.all(items.flatMap((item) => (item.file && item.state === 'delivered' ? [port.eraseFile(item.file)] : [])))
  },
  remove: async (ids: readonly string[]) => {
    await port.erase(ids.map((id) => PREFIX + id))
    await Promise.all(ids.map(port.eraseFile))
  },
}

export async function openOutbox(): Promise<void> {
  outbox ??= await Outbox.open(keep, send, () => Date.now())
}

export function theOutbox(): Outbox {
  if (!outbox) throw new Error('the outbox is not open yet')
  return outbox
}

/** Into the outbox of whoever is logged in. Rejects when the phone is full. */
export async function add(drafts: Parameters<Outbox['add']>[1]): Promise<void> {
  const owner = session.get()?.accountId
  if (!owner) throw new Error('nobody is logged in')
  await theOutbox().add(owner, drafts)
}

export function useOutbox(): readonly Item[] {
  return useSyncExternalStore(theOutbox().subscribe, theOutbox().list)
}

/** Sends what may go for whoever is logged in; what was lost on the way goes again by itself when its waiting time is over. */
export async function flush(hurry = false): Promise<number> {
  const owner = session.get()?.accountId
  if (!owner || !outbox) return 0
  const arrived = await outbox.flush(owner, hurry)
  later(soonest(outbox.list(), owner))
  return arrived
}

const LEAST = 1_000
let timer: ReturnType<typeof setTimeout> | undefined

function later(at: number | undefined): void {
  clearTimeout(timer)
  timer = at === undefined ? undefined : setTimeout(() => void flush(), Math.max(at - Date.now(), LEAST))
}

interface SyncAnswer { items: { client_id: string; outcome: 'created' | 'duplicate' | 'rejected'; differs?: boolean; reason?: string; message?: string; hint?: string; field?: string }[] }

async function send(items: readonly Item[]): Promise<Map<string, Answer>> {
  const [first] = items
  if (!first) return new Map()
  if (session.get()?.accountId !== first.owner) throw new Error('its writer has left')
  if (first.kind === 'record') return sendRecords(items).catch((error: unknown) => lostTo(error, items))
  try {
    if (first.file) await sendFile(first, first.file)
    else await call('POST', first.path ?? '', { body: first.body })
  } catch (error) {
    return new Map([[first.id, refused(error)]])
  }
  return new Map([[first.id, { outcome: 'created' }]])
}

async function sendRecords(items: readonly Item[]): Promise<Map<string, Answer>> {
  const sent_at = new Date(Date.now()).toISOString()
  const answer = await call<SyncAnswer>('POST', '/api/v1/farming/records:sync', { body: { items: items.map((item) => item.body), sent_at } })
  return new Map(answer.items.map((one) => [one.client_id, meant(one)]))
}

function meant(one: SyncAnswer['items'][number]): Answer {
  if (one.outcome === 'rejected') return { outcome: 'rejected', problem: { reason: one.reason ?? '', message: one.message ?? '', hint: one.hint, field: one.field } }
  return one.outcome === 'created' ? { outcome: 'created' } : { outcome: 'duplicate', differs: !!one.differs }
}

async function sendFile(item: Item, file: string): Promise<void> {
  const form = Object.fromEntries(Object.entries(item.body).map(([name, value]) => [name, String(value)]))
  await upload(item.path ?? '', item.part ?? 'file', file, form)
}

/** Somebody else was at the same thing at the same moment: what is asked again will do. */
const BUSY: ReadonlySet<string> = new Set(['lot_busy'])

/** What met a fault of the server goes again later, and nothing else waits for it. */
function lostTo(error: unknown, items: readonly Item[]): Map<string, Answer> {
  if (!faulty(error)) throw error
  return new Map(items.map(({ id }) => [id, { outcome: 'lost' }]))
}

function faulty(error: unknown): boolean {
  return error instanceof ApiError && error.lost && !error.offline
}

/** A refusal is the item's own; no signal, or a login that ran out, is nobody's fault and throws: it goes again later. */
function refused(error: unknown): Answer {
  if (faulty(error)) return { outcome: 'lost' }
  if (!(error instanceof ApiError) || error.offline || error.status === 401 || BUSY.has(error.reason)) throw error
  const problem: Problem = { reason: error.reason, message: error.message, hint: error.hint, field: error.field }
  return { outcome: 'rejected', problem }
}

/** Everything on this phone as text with its photos, the last resort. */
export async function exported(items: readonly Item[]): Promise<string> {
  const texts = await Promise.all(items.map(async (item) => [item.file, item.file && (await port.fileText(item.file))] as const))
  const files = Object.fromEntries(texts.filter(([id, text]) => id && text))
  return JSON.stringify({ format: 'longtrace-outbox/1', clock_offset_ms: clockOffset.get(), items, files }, null, 1)
}

/** A client id: time first so that they sort, then 60 random bits. */
export function freshId(): string {
  const random = () => Math.floor(Math.random() * 2 ** 30).toString(36).padStart(6, '0')
  return `${Date.now().toString(36)}-${random()}${random()}`
}
