/** Proofs and the lists they are checked against: fetched when there is signal, kept for when there is none. What was
 * pasted is sent to nobody. */
import { ApiError, call, download } from '@/api/request'
import { fromBase64, toBase64 } from '@/rules/proof/bytes'
import { read, recordsOf, withPlace, type Bundle, type Given, type Registered } from '@/rules/proof/given'
import type { Checked, CheckedRecord, Lists } from '@/rules/proof/check'
import type { Witness } from '@/rules/proof/notes'
import type { KeyList } from '@/rules/proof/tokens'
import { now } from '@/state/session'
import { store } from '@/state/store'
import * as port from '@/storage/port'

/** `at`: when the platform was last heard, milliseconds; 0 for never. */
export interface KeptLists { keys?: KeyList; witnesses: Witness[]; at: number }
type Engine = typeof import('@/rules/proof/check')
/** A copy: where it came from, and when. */
type Got<T> = { kind: 'fresh'; found: T } | { kind: 'kept'; found: T; at: number } | { kind: 'not_found' | 'unsigned' | 'unreachable' | 'refused' }

export const keptLists = store<KeptLists>('check_lists', { witnesses: [], at: 0 })
/** In base64: WeChat keeps no bytes. */
const keptRevoked = store<string>('check_revoked', '')
const checkedLately = store<string[]>('proofs', [])
const MOST = 20
const PAINT = 30

/** The arithmetic, fetched when it is first needed; undefined on a phone whose engine cannot count that far (BigInt). */
async function engine(): Promise<Engine | undefined> {
  return typeof BigInt === 'undefined' ? undefined : import('@/rules/proof/check')
}

/** What is kept, and then anew; returns whether the platform was heard. The keys come last: who watches them finds the rest there. */
export async function openLists(): Promise<boolean> {
  await keptRevoked.load()
  await keptLists.load()
  return refreshed()
}

function lists(): Lists {
  const { keys, witnesses } = keptLists.get()
  const revoked = keptRevoked.get()
  return { keys, witnesses, revoked: revoked ? fromBase64(revoked) : undefined }
}

async function refreshed(): Promise<boolean> {
  const before = keptLists.get()
  const [keys, witnesses, revoked] = await Promise.all([
    call<KeyList>('GET', '/api/v1/keys', { open: true }).catch(() => undefined),
    call<{ items: Witness[] }>('GET', '/api/v1/evidence/witnesses', { open: true }).then(({ items }) => items, () => before.witnesses),
    download('/api/v1/revocations').then((file) => file.bytes()).catch(() => undefined),
  ])
  if (!keys) return false
  const newer = !before.keys || Date.parse(keys.as_of) >= Date.parse(before.keys.as_of) ? keys : before.keys
  if (revoked) await keepRevoked(revoked, newer)
  await keptLists.set({ keys: newer, witnesses, at: now() }).catch(() => undefined) // a full phone still checks
  return true
}

/** A list takes the place of the kept one only when it is signed and not older. */
async function keepRevoked(bytes: Uint8Array, keys: KeyList): Promise<void> {
  const opened = (await engine())?.opened
  const { revoked } = lists()
  const [fresh, old] = [opened?.(bytes, keys), revoked && opened?.(revoked, keys)]
  if (fresh?.verdict === 'good' && !(old && old.verdict === 'good' && old.asOf > fresh.asOf)) await keptRevoked.set(toBase64(bytes)).catch(() => undefined)
}

/** The certificate behind a trace code with its place in the register; the kept copy when there is no signal. */
async function byCode(code: string): Promise<Got<Bundle>> {
  try {
    const bundle = await call<Bundle>('GET', `/api/v1/traces/${encodeURIComponent(code)}/certificate`, { open: true })
    const records = await call<object>('GET', `/api/v1/traces/${encodeURIComponent(code)}/proof`, { open: true }).then(recordsOf, () => [])
    const found = withPlace(bundle, records)
    await keep(code, found).catch(() => undefined)
    return { kind: 'fresh', found }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!error.offline) return { kind: error.status === 404 ? 'not_found' : error.status === 422 ? 'unsigned' : 'refused' }
    const copy = (await port.read(`proof:${code}`)) as { found: Bundle; at: number } | undefined
    return copy ? { kind: 'kept', ...copy } : { kind: 'unreachable' }
  }
}

/** Every version's entry in the register of one's own record; nothing of it stays. */
async function byRecord(id: string): Promise<Got<Registered[]>> {
  try {
    return { kind: 'fresh', found: recordsOf(await call<object>('GET', `/api/v1/farming/records/${encodeURIComponent(id)}/proof`)) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { kind: error.offline ? 'unreachable' : error.status === 404 ? 'not_found' : 'refused' }
  }
}

async function keep(code: string, found: Bundle): Promise<void> {
  await checkedLately.load()
  const list = [code, ...checkedLately.get().filter((one) => one !== code)]
  await port.write([[`proof:${code}`, { found, at: now() }]])
  await port.erase(list.slice(MOST).map((old) => `proof:${old}`))
  await checkedLately.set(list.slice(0, MOST))
}

export type Word = 'nothing' | 'not_found' | 'unsigned' | 'unreachable' | 'refused' | 'old'
/** What came of it; `keptAt` when the proof itself is a copy. */
export type Answer = { kind: 'paper'; checked: Checked; keptAt?: number } | { kind: 'records'; records: CheckedRecord[] } | { kind: 'told'; word: Word }

const told = (word: Word): Answer => ({ kind: 'told', word })

/** What was given, as far as it is here: a code or a record is fetched, all else stays here. */
export interface Asked { text?: string; code?: string; record?: string }
export type Found = { given: Given; keptAt?: number } | { word: Word }

export async function found({ text = '', code, record }: Asked): Promise<Found> {
  if (record) return gave(await byRecord(record), (records) => ({ kind: 'records', records }))
  const given: Given = code ? { kind: 'code', code } : read(text)
  if (given.kind !== 'code') return { given }
  return gave(await byCode(given.code), (bundle) => ({ kind: 'token', token: bundle.signature, bundle, code: given.code }))
}

function gave<T>(got: Got<T>, made: (found: T) => Given): Found {
  if (got.kind === 'fresh') return { given: made(got.found) }
  return got.kind === 'kept' ? { given: made(got.found), keptAt: got.at } : { word: got.kind }
}

/** Checked against the lists at hand; again after they were renewed, it may say something else. */
export async function answer(one: Found): Promise<Answer> {
  if ('word' in one) return told(one.word)
  const rules = await engine()
  if (!rules) return told('old')
  await new Promise((resolve) => setTimeout(resolve, PAINT)) // “checking” stands there before a slow phone begins to count
  const { given, keptAt } = one
  if (given.kind === 'records' && given.records.length) return { kind: 'records', records: given.records.map((record) => rules.checkRecord(record, lists())) }
  const checked = given.kind === 'token' ? rules.check(given.token, given.bundle, lists(), now(), given.code) : undefined
  return checked ? { kind: 'paper', checked, keptAt } : told('nothing')
}

/** The proof among the codes on a photo, else the first that means anything. */
export function chosen(texts: readonly string[]): string | undefined {
  return texts.find((one) => read(one).kind === 'token') ?? texts.find((one) => read(one).kind !== 'nothing') ?? texts[0]
}
