/** A farmer's batches, land and inputs: read when there is signal, kept for when there is none. */
import { ApiError, call } from '@/api/request'
import type { components } from '@/api/schema'
import { here, revise, session } from '@/state/session'
import { own } from '@/state/own'
import { store, type Store } from '@/state/store'
import type { Label, SubstanceRule } from '@/rules/inputs'
import { area } from '@/rules/land'
import { remarked, type DraftInput } from '@/rules/records'
import type { Draft } from '@/outbox/outbox'
import type { Item, Said } from '@/outbox/rules'
import type { Version } from '@/rules/declaring'
import { crops } from '@/vocab'
import { refreshOpen, type Question } from './asking'
import { add, flush, freshId, theOutbox } from './outbox'
import { keepWith } from './photos'

export type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>
export type Batch = Out<'BatchOut'>
export type Window = Out<'WindowOut'>
export type Site = Pick<Out<'SiteOut'>, 'id' | 'name' | 'area_mu'>
export type Product = Pick<Out<'ProductOut'>, 'id' | 'name' | 'crop'>
export type Shelf = Out<'StockItemOut'>
export type Purchase = Out<'PurchaseOut'>
export type Used = DraftInput
/** `kind`, `declarations`, `questions` and `ended` are not there yet on a phone that read its farm before they were kept. */
export interface Farm { producer: string; kind?: string; declarations?: Version[]; questions?: Question[]; ended?: Batch[]; batches: Batch[]; windows: Record<string, Window>; sites: Site[]; products: Product[]; shelf: Shelf[]; purchases: Purchase[]; at: number }
export interface Habits { inputs: Used[]; last?: Record<string, unknown> & { title: string }; codes?: Record<string, Used> }

export const rulebook = store<SubstanceRule[]>('rulebook', [])
/** What the catalogue says of inputs that were bought, for when there is no signal; of one version of the rulebook. */
export const catalogue = store<{ version: string; inputs: Record<string, Used> }>('catalogue', { version: '', inputs: {} })

/** The farm of a producer, unless told otherwise of the one that is chosen. */
export const farm = (producer = here()) => own<Farm | null>(`farm:${producer}`, null)
export const habits = () => own<Habits>('habits', { inputs: [] })

const MOST_PRODUCERS = 20
const MOST_ENDED = 20

/** Fetch everything the home page shows, of every producer one works for. Raises ApiError; what was kept stays. */
export async function refresh(): Promise<void> {
  const known = session.get()
  if (!known || known.grants?.every((grant) => !grant.producer_id)) return // an officer has no farm
  const there = () => session.get()?.accountId === known.accountId // what comes later is not kept: they left, or cleared the phone
  const [mine, rules] = await Promise.all([
    call<{ items: { id: string; name: string; kind: string }[] }>('GET', '/api/v1/producers'),
    call<{ version: string; substances: SubstanceRule[] }>('GET', '/api/v1/rulebook', { open: true }),
  ])
  if (!there()) return
  await rulebook.set(rules.substances)
  const producers = mine.items.slice(0, MOST_PRODUCERS).map(({ id, name, kind }) => ({ id, name, kind }))
  if (there() && JSON.stringify(session.get()?.producers) !== JSON.stringify(producers)) await revise({ producers })
  for (const one of producers) if (there()) await renew(one.id, one.kind)
  if (there()) await learn(rules.version, producers.flatMap((one) => farm(one.id).get()?.shelf ?? []), there)
}

async function renew(producer: string, kind: string): Promise<void> {
  const kept = farm(producer)
  const query = { producer_id: producer }
  const at = Date.now()
  const [overview, ended, sites, products, stock, purchases, declarations, questions] = await Promise.all([
    call<{ items: { batch: Batch; window: Window }[] }>('GET', '/api/v1/farming/overview', { query }),
    call<{ items: Batch[] }>('GET', '/api/v1/farming/batches', { query: { ...query, state: 'closed', size: MOST_ENDED } }),
    call<{ items: Site[] }>('GET', `/api/v1/producers/${producer}/sites`),
    call<{ items: Product[] }>('GET', `/api/v1/producers/${producer}/products`),
    call<{ items: Shelf[] }>('GET', '/api/v1/inputs/stock', { query }),
    call<{ items: Purchase[] }>('GET', '/api/v1/inputs/purchases', { query }),
    call<{ items: Version[] }>('GET', `/api/v1/producers/${producer}/declarations`),
    call<{ items: Question[] }>('GET', `/api/v1/producers/${producer}/questions`),
  ])
  await kept.load()
  const before = kept.get()
  const windows = Object.fromEntries(overview.items.map((one) => [one.batch.id, one.window]))
  await kept.set({
    producer, kind, windows, at, declarations: declarations.items, questions: questions.items, ended: ended.items, shelf: stock.items, purchases: purchases.items,
    batches: withUnsent('batch', before?.batches ?? [], overview.items.map((one) => one.batch)),
    sites: withUnsent('site', before?.sites ?? [], sites.items),
    products: withUnsent('product', before?.products ?? [], products.items),
  })
  await refreshOpen(questions.items)
}

/** What the platform has, and before it what was made on this phone that the platform does not know yet. */
function withUnsent<T extends { id: string }>(kind: string, before: readonly T[], known: readonly T[]): T[] {
  const waiting = new Set(theOutbox().list().filter((item) => item.kind === kind && item.state !== 'delivered').map((item) => item.id))
  return [...before.filter((one) => waiting.has(clientIdOf(one.id)) && !known.some((there) => there.id === one.id)), ...known]
}

const MOST_LEARNT = 30

/** Labels and substances of what was bought: each is asked for once a version of the rulebook. */
async function learn(version: string, shelf: readonly Shelf[], there: () => boolean): Promise<void> {
  const { version: old, inputs } = catalogue.get()
  // A drug without days is asked for again: earlier versions of this app kept none.
  const known = old === version ? Object.fromEntries(Object.entries(inputs).filter(([, one]) => one.kind !== 'vet_drug' || one.labels?.length)) : {}
  const numbers = shelf.flatMap((one) => (one.registration_no && !known[one.registration_no] ? [one.registration_no] : []))
  for (const number of numbers.slice(0, MOST_LEARNT)) {
    const found = await call<Listed>('GET', `/api/v1/inputs/${encodeURIComponent(number)}`).catch((error) => {
      if (error instanceof ApiError && error.status === 404) return undefined // taken out of the catalogue since
      throw error
    })
    if (found) known[number] = listed(found)
  }
  if (there() && (old !== version || numbers.length)) await catalogue.set({ version, inputs: known })
}

type Listed = Out<'InputOut'>

/** What a record needs of a registered input. Its `source` there is where the catalogue has it from, not where it was bought. */
function listed({ registration_no, name, kind, manufacturer, actives, labels, withdrawals }: Listed): Used {
  const intervals = (labels as Label[]).map(({ crop, phi_days }): Label => ({ crop, phi_days }))
  const animals = (withdrawals as Out<'WithdrawalOut'>[]).map(({ animal, produce, days, forbidden }): Label => ({ crop: animal, phi_days: days, produce, forbidden }))
  return { registration_no, name, kind, manufacturer, actives, labels: [...intervals, ...animals] }
}

/** Registered inputs by name, number, substance or pinyin; needs signal. */
export async function findInputs(q: string, kind?: string): Promise<Used[]> {
  return (await call<{ items: Listed[] }>('GET', '/api/v1/inputs', { query: { q, kind } })).items.map(listed)
}

/** An input with what the phone has learnt of its number: what was read back from a record brings only its words. */
export function recalled(one: Used): Used {
  const used = habits().get().inputs.find((other) => !!one.registration_no && other.registration_no === one.registration_no)
  const { kind, actives, labels } = catalogue.get().inputs[one.registration_no ?? ''] ?? used ?? {}
  return { ...one, ...(kind && { kind }), ...(actives && { actives }), ...(labels && { labels }) }
}

/** What is registered under a number on a pack: from the phone, else the catalogue; undefined when nothing is. Raises ApiError. */
export async function numbered(number: string): Promise<Used | undefined> {
  return catalogue.get().inputs[number] ?? (await findInputs(number)).find((one) => one.registration_no === number)
}

/** `said` goes behind the note of this deed, and is not repeated with the next. */
export interface Written { said?: readonly string[]; batch: Batch; kind: string; title: string; happened_on: string; ended_on?: string; site_ids: string[]; target?: string; note?: string; amount?: string; unit?: string; inputs: Used[]; photos: string[] }

/** Keep a record and its photos on the phone; it is sent at once when there is signal. Rejects when the phone is full. */
export async function write(written: Written): Promise<void> {
  const { batch, photos, title, inputs, said = [], ...plain } = written
  const usual = habits()
  const id = freshId()
  const producer = batch.producer_id
  const body = { ...plain, note: remarked(plain.note, said), client_id: id, batch_id: batch.id, device_time: new Date().toISOString(), inputs: inputs.map(sent) }
  const needs = [batch.id, ...plain.site_ids].map(clientIdOf)
  const record: Draft = { id, kind: 'record', producer, needs, body, title, ...labelled(inputs) }
  await keepWith(photos, (file) => pictured(file, id, producer, title), (pictures) => add([record, ...pictures]))
  void remember(usual, { ...plain, inputs, title }).catch(() => undefined) // a convenience: the record itself is kept
  void flush(true)
}

/** A record that has not arrived, corrected, with more photos of it. Rejects when the phone is full, and where its photos find no room
 * it stays as it was. */
export async function correctRecord(item: Item, said: Draft['body'] & { inputs: readonly Used[] }, photos: readonly string[], title: string): Promise<void> {
  const body = { ...item.body, ...said, inputs: said.inputs.map(sent) }
  await keepWith(photos, (file) => pictured(file, item.id, item.producer, title), async (pictures) => {
    await theOutbox().correct(item.id, body, title, labelled(said.inputs))
    if (pictures.length) await add(pictures)
  })
  void flush(true)
}

async function remember(known: Store<Habits>, last: NonNullable<Habits['last']> & { inputs: Used[] }): Promise<void> {
  const used = last.inputs.filter((one) => one.name).map(({ sure: _, ...one }) => one)
  const others = known.get().inputs.filter((one) => !used.some((other) => other.name === one.name))
  await known.set({ ...known.get(), inputs: [...used, ...others].slice(0, 8), last: { ...last, inputs: used } })
}

/** Of a pack whose code no register lists, or that was looked up once: what its farmer said it is. */
export async function rememberCode(key: string, input: Used): Promise<void> {
  const known = habits()
  const plain = { name: input.name, registration_no: input.registration_no, manufacturer: input.manufacturer, kind: input.kind, actives: input.actives, labels: input.labels }
  await known.set({ ...known.get(), codes: { ...known.get().codes, [key]: plain } })
}

/** What the ring must know of the inputs of a deed until the platform answers. */
export function labelled(inputs: readonly Used[]): Said {
  const of = <T>(told: (one: Used) => T | undefined) => Object.fromEntries(inputs.flatMap((one): [string, T][] => {
    const known = told(one)
    return one.registration_no && known ? [[one.registration_no, known]] : []
  }))
  return { labels: of((one) => one.labels), kinds: of((one) => one.labels && one.kind) } // a shelf may call it what it likes
}

/** The outbox's name for what may not have been sent yet: the client id in `{producer}.{client id}`. */
export function clientIdOf(id: string): string {
  return id.slice(id.indexOf('.') + 1)
}

/** A photo of a record, which it follows. */
export function pictured(id: string, record: string, producer: string, title: string): Draft {
  const body = { producer_id: producer, client_id: id, record_client_id: record }
  return { id, kind: 'photo', producer, path: '/api/v1/farming/photos', needs: [record], body, title, file: id, part: 'photo' }
}

/** An input as the API takes it: nothing that was left empty. */
export function sent({ name, registration_no, manufacturer, source, method, amount, unit }: Used): Record<string, string> {
  const all = { name, registration_no, manufacturer, source, method, amount, unit }
  return Object.fromEntries(Object.entries(all).filter((one): one is [string, string] => !!one[1]))
}

/** What is in the outbox now, shown at once; on a full phone for as long as the app is open. It is kept, and must not be told as not kept. */
export async function show(kept: Store<Farm | null>, now: Farm): Promise<void> {
  await kept.set(now).catch(() => undefined)
}

/** Begin a batch, with or without signal: its id is known at once, so records can follow; it waits for its land and product. */
export async function begin(product: Product, sites: Site[], started_on: string, title: string): Promise<void> {
  const kept = farm()
  const known = kept.get()
  if (!known) throw new Error('the farm is not known yet')
  const id = freshId()
  const body = { producer_id: known.producer, client_id: id, product_id: product.id, site_ids: sites.map((site) => site.id), started_on }
  const needs = [product.id, ...body.site_ids].map(clientIdOf)
  await add([{ id, kind: 'batch', producer: known.producer, path: '/api/v1/farming/batches', needs, body, title }])
  const batch = { ...body, id: `${known.producer}.${id}`, product_name: product.name, crop: product.crop, crop_class: crops.find((crop) => crop.code === product.crop)?.class ?? '', variety: '', area_mu: String(area(sites)), planned_harvest_on: null, state: 'open' }
  await show(kept, { ...known, batches: [batch, ...known.batches] })
  void flush(true)
}

/** Nothing more is done on a batch, or it goes on after all; needs signal. Raises ApiError. */
export async function endBatch(batch: Batch, ended: boolean): Promise<void> {
  await call('POST', `/api/v1/farming/batches/${batch.id}/state`, { body: { state: ended ? 'closed' : 'open' } })
  await refresh()
}
