/** Lots, what the gate says of them, and certificates: read when there is signal, kept for when there is none. */
import { ApiError, call, download, type Fetched } from '@/api/request'
import { answered, firstChoice, meant, type Choice } from '@/rules/certifying'
import { own } from '@/state/own'
import { here } from '@/state/session'
import type { Store } from '@/state/store'
import { label, recordKinds } from '@/vocab'
import type { Lang } from '@/state/settings'
import type { Out } from './farming'
import { freshId } from './outbox'

export type Lot = Out<'LotOut'>
export type Certificate = Out<'CertificateOut'> & { card: Out<'CardOut'> & { bases: Out<'BasisOut'>[]; fields: Out<'FieldOut'>[] } }
export interface Refusal { reason: string; message: string; hint?: string; details?: { source?: string; record_ids?: string[]; earliest?: string | null } }
export interface Checked { allowed: boolean; refusals: Refusal[]; flags: string[] }
export type Paper = 'certificate.pdf' | 'labels.pdf'

export const lots = () => own<Lot[] | null>(`lots:${here()}`, null)
export const certificates = () => own<Certificate[] | null>(`certificates:${here()}`, null)
/** What was chosen for each lot, kept until its certificate is there. */
export const choices = () => own<Record<string, Choice>>('choices', {})

/** When the lots were read. */
export const lotsAt = () => own(`lots_at:${here()}`, 0)

const MOST_PAGES = 5

/** Reads both lists anew. Raises ApiError; what was kept stays. */
export async function refreshLots(): Promise<void> {
  const query = { producer_id: here(), size: 100 }
  if (!query.producer_id) return
  const at = Date.now()
  const [goods, time, held] = [lots(), lotsAt(), certificates()]
  const [found, papers] = await Promise.all([
    allLots(query),
    call<{ items: Certificate[] }>('GET', '/api/v1/certificates', { query }),
  ])
  await goods.set(found)
  await time.set(at)
  await held.set(papers.items)
}

async function allLots(query: { producer_id: string; size: number }): Promise<Lot[]> {
  const found: Lot[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const some = await call<{ items: Lot[]; next_cursor: string | null }>('GET', '/api/v1/lots', { query: { ...query, cursor } })
    found.push(...some.items)
    cursor = some.next_cursor ?? undefined
    if (!cursor) break
  }
  return found
}

/** Both lists as they were kept, then anew when there is signal. Returns whether they are of now. */
export async function openLots(): Promise<boolean> {
  await Promise.all([lots().load(), lotsAt().load(), certificates().load(), choices().load()])
  return refreshLots().then(() => true, () => false)
}

export function choiceFor(lot: Lot): Choice {
  return choices().get()[lot.id] ?? firstChoice(lot, freshId())
}

export async function keepChoice(lot: Lot, choice: Choice | undefined, kept = choices()): Promise<void> {
  const { [lot.id]: _old, ...others } = kept.get()
  await kept.set(choice ? { ...others, [lot.id]: choice } : others)
}

function wanted(lot: Lot, { amount, unit, bases }: Choice) {
  return { lot_id: lot.id, amount, unit, bases }
}

/** What the gate would say now; nothing is written. Raises ApiError. */
export async function check(lot: Lot, choice: Choice): Promise<Checked> {
  return call<Checked>('POST', '/api/v1/certificates:check', { body: wanted(lot, choice) })
}

export type Issued = { kind: 'issued'; certificate: Certificate } | { kind: 'refused'; refusals: Refusal[]; message: string } | { kind: 'lost'; nobody: boolean }

/** Asks for the certificate. That it was asked is on the phone first, so that a lost answer is asked again under the same id. */
export async function issue(lot: Lot, choice: Choice): Promise<Issued> {
  const asking = { ...choice, asked: true }
  const [held, chosen] = [certificates(), choices()]
  await keepChoice(lot, asking, chosen)
  try {
    const certificate = await call<Certificate>('POST', '/api/v1/certificates', { body: { ...wanted(lot, choice), client_id: choice.clientId } })
    await remember(held, certificate).then(() => keepChoice(lot, undefined, chosen)).catch(() => undefined) // a full phone reads it again from the platform
    return { kind: 'issued', certificate }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const answer = meant(error.status, error.reason)
    await keepChoice(lot, answered(asking, answer, freshId()), chosen).catch(() => undefined) // asked again it is the same
    if (answer === 'lost') return { kind: 'lost', nobody: error.status === 401 }
    return { kind: 'refused', refusals: Array.isArray(error.details) ? error.details as Refusal[] : [], message: `${error.message}${error.hint}` }
  }
}

async function remember(held: Store<Certificate[] | null>, one: Certificate): Promise<void> {
  await held.set([one, ...(held.get() ?? []).filter((other) => other.id !== one.id)])
}

/** One certificate anew. Raises ApiError. */
export async function read(id: string): Promise<void> {
  await remember(certificates(), await call<Certificate>('GET', `/api/v1/certificates/${id}`))
}

/** Takes it back; sent again for the same reason it changes nothing. Raises ApiError. */
export async function voided(id: string, reason: string, note: string): Promise<void> {
  await remember(certificates(), await call<Certificate>('POST', `/api/v1/certificates/${id}/void`, { body: { reason, note } }))
}

/** A PDF of it: the A4 page, or a sheet of labels. Raises ApiError. */
export async function paper(id: string, which: Paper): Promise<Fetched> {
  return which === 'labels.pdf' ? download(`/api/v1/certificates/${id}/labels.pdf`) : download(`/api/v1/certificates/${id}/certificate.pdf`)
}

/** Its QR code as a picture. Raises ApiError, for a void one too. */
export async function qr(id: string): Promise<string> {
  return (await download(`/api/v1/certificates/${id}/qr.png`)).path
}

/** A print job for a thermal printer. Raises ApiError. */
export async function tspl(id: string, size: string, copies: number): Promise<Uint8Array> {
  return (await download(`/api/v1/certificates/${id}/label.tspl`, { size, copies })).bytes()
}

export interface Proof { lot_id: string; code: string; valid: boolean }

/** The certificates and papers under which the goods of a lot came; none where all was grown here. Raises ApiError. */
export async function proofsOf(lot: string): Promise<Proof[]> {
  return (await call<{ items: Proof[] }>('GET', `/api/v1/lots/${lot}/certificates`)).items
}

/** What the records of a lot's batches are called, by id; empty when they cannot be read now. */
export async function recordNames(lot: Lot, lang: Lang): Promise<Record<string, string>> {
  interface Row { id: string; kind: string; happened_on: string; inputs: { name: string }[] }
  const pages = await Promise.all(lot.batch_ids.map((id) => call<{ items: Row[] }>('GET', `/api/v1/farming/batches/${id}/records`).catch(() => ({ items: [] }))))
  const named = (row: Row) => [row.happened_on, label(recordKinds, row.kind, lang), ...row.inputs.map((one) => one.name)].join(' · ')
  return Object.fromEntries(pages.flatMap((page) => page.items.map((row) => [row.id, named(row)])))
}
