/** An officer's day in the field: read when there is signal, kept for when there is none, answered through the outbox. */
import { BASE, call } from '@/api/request'
import type { components } from '@/api/schema'
import type { Draft } from '@/outbox/outbox'
import { waitingSteps, type StepDraft } from '@/rules/desk'
import { own } from '@/state/own'
import { regionsOf, session, today } from '@/state/session'
import { forget } from '@/state/store'
import type { Where } from '@/ui/platform'
import type { Question } from './asking'
import { mine } from './mine'
import { add, flush, freshId, theOutbox } from './outbox'
import { keepWith } from './photos'

export type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>
export type Case = Omit<Out<'CaseOut'>, 'entries'> & { entries?: Out<'EntryOut'>[] }
export type Declaration = Out<'DeclarationOut'>
export type Producer = Out<'ProducerOut'>
export type Visit = Out<'VisitOut'>
export type Site = Out<'SiteOut'>
export interface Place { code: string; name: string }
export interface Desk { cases: Case[]; declarations: Declaration[]; producers: Producer[]; questions?: Question[]; next: Record<string, string>; places: Place[]; at: number }
export interface Dossier { producer: Producer; sites: Site[]; visits: Visit[]; questions?: Question[]; batches: { batch: Out<'BatchOut'>; window: Out<'WindowOut'> }[]; at: number }
interface Page<T> { items: T[]; next_cursor?: string | null }

/** Links to private photos live a quarter of an hour. */
export const LINKS_LIVE = 14 * 60_000

export const desk = () => own<Desk | null>('officer', null)
export const dossier = (producer: string) => own<Dossier | null>(`officer_producer:${producer}`, null)
export const story = (id: string) => own<{ one: Case; at: number } | null>(`officer_case:${id}`, null)

const may = (permission: string) => regionsOf(session.get(), permission)

/** Everything of today, for all regions of this officer. Raises ApiError; what was kept stays. */
export async function refreshDesk(): Promise<void> {
  const at = Date.now()
  const kept = desk()
  const [cases, declarations, questions, producers, places] = await Promise.all([
    may('complaint:read').length ? call<{ items: Case[] }>('GET', '/api/v1/complaints') : { items: [] },
    Promise.all(may('declaration:review').map((region) => call<Page<Declaration>>('GET', '/api/v1/declarations', { query: { region, size: 100 } }))),
    Promise.all(may('question:ask').flatMap((region) => ['answered', 'open'].map((state) => call<Page<Question>>('GET', '/api/v1/questions', { query: { region, state } })))),
    Promise.all(may('producer:read').map(async (region) => ({ region, ...await some(region) }))),
    Promise.all(may('producer:read').map(around)),
  ])
  await kept.set({ cases: cases.items, declarations: declarations.flatMap((page) => page.items), questions: once(questions.flatMap((page) => page.items)), producers: once(producers.flatMap((page) => page.items)), next: onward(producers), places: places.flat(), at })
  const open = new Set(cases.items.map((one) => one.id))
  await forget((name) => name.startsWith('officer_case:') && name.endsWith(`:${session.get()?.accountId}`) && !open.has(name.split(':')[1] ?? ''))
}

function some(region: string, cursor?: string): Promise<Page<Producer>> {
  return call<Page<Producer>>('GET', '/api/v1/producers', { query: { region, size: 100, cursor } })
}

/** The next hundred producers of each region that has more. Raises ApiError. */
export async function more(): Promise<void> {
  const kept = desk()
  const known = kept.get()
  if (!known) return
  const pages = await Promise.all(Object.entries(known.next).map(async ([region, cursor]) => ({ region, ...await some(region, cursor) })))
  await kept.set({ ...known, producers: once([...known.producers, ...pages.flatMap((page) => page.items)]), next: onward(pages) })
}

function onward(pages: { region: string; next_cursor?: string | null }[]): Record<string, string> {
  return Object.fromEntries(pages.flatMap(({ region, next_cursor }) => (next_cursor ? [[region, next_cursor]] : [])))
}

function once<T extends { id: string }>(items: T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()]
}

async function around(prefix: string): Promise<Place[]> {
  const code = prefix.length < 6 ? prefix.padEnd(6, '0') : prefix
  const [here, below] = await Promise.all([
    call<Place>('GET', `/api/v1/regions/${code}`, { open: true }),
    call<{ items: Place[] }>('GET', '/api/v1/regions', { query: { parent: code }, open: true }),
  ])
  return [here, ...below.items].map(({ code: known, name }) => ({ code: known, name }))
}

/** One producer with its land, visits and open batches. Raises ApiError. */
export async function refreshDossier(id: string): Promise<void> {
  const at = Date.now()
  const kept = dossier(id)
  const [producer, sites, visits, questions, batches] = await Promise.all([
    call<Producer>('GET', `/api/v1/producers/${id}`),
    call<Page<Site>>('GET', `/api/v1/producers/${id}/sites`),
    call<Page<Visit>>('GET', `/api/v1/producers/${id}/visits`),
    call<Page<Question>>('GET', `/api/v1/producers/${id}/questions`),
    call<{ items: Dossier['batches'] }>('GET', '/api/v1/farming/overview', { query: { producer_id: id } }),
  ])
  await kept.set({ producer, sites: sites.items, visits: visits.items.slice(0, 10), questions: questions.items.slice(0, 10), batches: batches.items, at })
}

/** The full telephone number; the platform notes that it was opened. Raises ApiError. */
export async function phoneOf(id: string): Promise<string> {
  return (await call<Out<'ContactOut'>>('GET', `/api/v1/producers/${id}/contact`)).phone
}

/** One complaint with its whole conversation. Raises ApiError. */
export async function refreshCase(id: string): Promise<void> {
  const kept = story(id)
  await kept.set({ one: await call<Case>('GET', `/api/v1/complaints/${id}`), at: Date.now() })
}

/** What an officer read of a case that is over does not stay on the phone. */
export async function forgetCase(id: string): Promise<void> {
  await forget((name) => name.startsWith(`officer_case:${id}:`))
}

/** Cases that are over, the newest first, and where each region goes on. */
export interface Ended { items: Case[]; next: Record<string, string> }

/** Of all regions of this officer, with those `before`; nothing of it stays on the phone. Raises ApiError. */
export async function ended(before?: Ended): Promise<Ended> {
  const regions = before ? Object.keys(before.next) : may('complaint:read')
  const pages = await Promise.all(regions.map(async (region) => ({ region, ...await call<Page<Case>>('GET', '/api/v1/complaints/ended', { query: { region, cursor: before?.next[region], size: 30 } }) })))
  const items = once([...(before?.items ?? []), ...pages.flatMap((page) => page.items)]).sort((a, b) => b.created_at.localeCompare(a.created_at))
  return { items, next: onward(pages) }
}

/** How to reach who reported it; the platform notes that it was opened. Raises ApiError. */
export async function contactOf(id: string): Promise<string> {
  return (await call<{ contact: string }>('GET', `/api/v1/complaints/${id}/contact`)).contact
}

/** The reporter's contact is erased for good, for a reason and a word for the file. Raises ApiError. */
export async function eraseContact(id: string, reason: string, note: string): Promise<void> {
  const kept = story(id)
  await kept.set({ one: await call<Case>('POST', `/api/v1/complaints/${id}/contact/erasure`, { body: { reason, note } }), at: Date.now() })
}

/** Where a signed link leads on this target. */
export function linked(url: string): string {
  return `${BASE}${url}`
}

export interface VisitDraft { outcome: string; findings: string; where?: Where; photos: string[]; signature?: string; declaration?: string }

/** Keep a visit, its photos and the signature on the phone; they go when there is signal. Rejects when the phone is full. */
export async function visit(producer: string, draft: VisitDraft, title: string): Promise<void> {
  const id = freshId()
  const path = `/api/v1/producers/${producer}/visits`
  const body = { client_id: id, visited_on: today(), device_time: new Date().toISOString(), ...found(draft), ...(draft.declaration ? { declaration_id: draft.declaration } : {}) }
  const files = [...draft.photos, ...(draft.signature ? [draft.signature] : [])]
  const filed = (file: string, from: string): Draft => ({ id: file, kind: 'visit_file', producer, path: `${path}/files`, needs: [id], body: { client_id: file, visit_client_id: id, role: from === draft.signature ? 'signature' : 'photo' }, title, file, part: 'file' })
  await keepWith(files, filed, (kept) => add([{ id, kind: 'visit', producer, path, needs: [], body, title }, ...kept]))
  void flush(true)
}

/** What was found, as the platform wants it. */
export function found({ outcome, findings, where }: Pick<VisitDraft, 'outcome' | 'findings' | 'where'>) {
  const position = where?.kind === 'here' ? { lon: where.lon, lat: where.lat, accuracy_m: where.accuracy_m } : null
  return { outcome, findings, position }
}

/** Take a step in a case, with or without signal; it goes after one's own steps of this case that still wait. */
export async function step(caseId: string, draft: StepDraft, title: string): Promise<void> {
  const id = freshId()
  const before = waitingSteps(mine(), caseId).map((item) => item.id)
  await add([{ id, kind: 'complaint_step', producer: '', path: `/api/v1/complaints/${caseId}/actions`, needs: before, body: { client_id: id, ...draft }, title }])
  void flush(true)
}

/** Approve or return a declaration, with or without signal. The platform takes the same decision twice as one. */
export async function decide(declaration: Declaration, verdict: string, reason: string, title: string): Promise<void> {
  const path = `/api/v1/declarations/${declaration.id}/decision`
  const refused = mine().find((item) => item.path === path && item.state === 'needs_fix')
  if (refused) await theOutbox().correct(refused.id, { verdict, reason }, title)
  else await add([{ id: freshId(), kind: 'decision', producer: declaration.producer_id, path, needs: [], body: { verdict, reason }, title }])
  void flush(true)
}
