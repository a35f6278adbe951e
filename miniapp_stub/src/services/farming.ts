/** A farmer's batches, land and inputs: read when there is signal, kept for when there is none. */
import { call } from '@/api/request'
import type { components } from '@/api/schema'
import { session } from '@/state/session'
import { store, type Store } from '@/state/store'
import type { SubstanceRule } from '@/rules/inputs'
import type { DraftInput } from '@/rules/records'
import type { Draft } from '@/outbox/outbox'
import { keepFile } from '@/storage/port'
import { crops } from '@/vocab'
import { flush, freshId, theOutbox } from './outbox'

export type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>
export type Batch = Out<'BatchOut'>
export type Window = Out<'WindowOut'>
export type Site = Pick<Out<'SiteOut'>, 'id' | 'name' | 'area_mu'>
export type Product = Pick<Out<'ProductOut'>, 'id' | 'name' | 'crop'>
export type Used = DraftInput
export interface Farm { producer: string; batches: Batch[]; windows: Record<string, Window>; sites: Site[]; products: Product[]; at: number }
export interface Habits { inputs: Used[]; last?: Record<string, unknown> & { title: string } }

const farms = new Map<string, Store<Farm | null>>()
const habitsOf = new Map<string, Store<Habits>>()
export const rulebook = store<SubstanceRule[]>('rulebook', [])

function per<T>(map: Map<string, Store<T>>, name: string, first: T): Store<T> {
  const key = `${name}:${session.get()?.accountId ?? 'nobody'}`
  const found = map.get(key) ?? store<T>(key, first)
  map.set(key, found)
  return found
}

/** The farm of whoever is logged in; another account on this phone has its own. */
export const farm = () => per(farms, 'farm', null)
export const habits = () => per(habitsOf, 'habits', { inputs: [] })

/** Fetch everything the home page shows. Raises ApiError; what was kept stays. */
export async function refresh(): Promise<void> {
  const producer = session.get()?.producers[0]?.id
  if (!producer) return
  const at = Date.now()
  const [overview, sites, products, rules] = await Promise.all([
    call<{ items: { batch: Batch; window: Window }[] }>('GET', '/api/v1/farming/overview', { query: { producer_id: producer } }),
    call<{ items: Site[] }>('GET', `/api/v1/producers/${producer}/sites`),
    call<{ items: Product[] }>('GET', `/api/v1/producers/${producer}/products`),
    call<{ substances: SubstanceRule[] }>('GET', '/api/v1/rulebook', { open: true }),
  ])
  await rulebook.set(rules.substances)
  const windows = Object.fromEntries(overview.items.map((one) => [one.batch.id, one.window]))
  const batches = overview.items.map((one) => one.batch)
  await farm().set({ producer, batches: [...unsent(batches), ...batches], windows, sites: sites.items, products: products.items, at })
}

/** Batches begun on this phone that the platform does not know yet. */
function unsent(known: readonly Batch[]): Batch[] {
  const waiting = new Set(theOutbox().list().filter((item) => item.kind === 'batch' && item.state !== 'delivered').map((item) => item.id))
  return (farm().get()?.batches ?? []).filter((batch) => waiting.has(ofBatch(batch.id)) && !known.some((one) => one.id === batch.id))
}

/** Registered inputs by name, number, substance or pinyin; needs signal. */
export async function findInputs(q: string, kind?: string): Promise<Used[]> {
  return (await call<{ items: Used[] }>('GET', '/api/v1/inputs', { query: { q, kind } })).items
}

export interface Written { batch: Batch; kind: string; title: string; happened_on: string; site_ids: string[]; target?: string; note?: string; amount?: string; unit?: string; inputs: Used[]; photos: string[] }

/** Keep a record and its photos on the phone; it is sent at once when there is signal. Rejects when the phone is full. */
export async function write(written: Written): Promise<void> {
  const { batch, photos, title, inputs, ...plain } = written
  const owner = session.get()?.accountId
  if (!owner) throw new Error('nobody is logged in')
  const id = freshId()
  const producer = batch.producer_id
  const body = { ...plain, client_id: id, batch_id: batch.id, device_time: new Date().toISOString(), inputs: inputs.map(sent) }
  const record: Draft = { id, kind: 'record', producer, needs: [ofBatch(batch.id)], body, title, labels: labelled(inputs) }
  const pictures = await Promise.all(photos.map((path) => pictured(path, id, producer, title)))
  await theOutbox().add(owner, [record, ...pictures])
  const known = habits()
  const used = inputs.filter((one) => one.name)
  await known.set({
    inputs: [...used, ...known.get().inputs.filter((one) => !used.some((other) => other.name === one.name))].slice(0, 8),
    last: { ...plain, inputs, title },
  })
  void flush(true)
}

function labelled(inputs: readonly Used[]): NonNullable<Draft['labels']> {
  return Object.fromEntries(inputs.flatMap((one) => (one.registration_no && one.labels ? [[one.registration_no, one.labels]] : [])))
}

/** The outbox's name for a batch that may not have been sent yet. */
function ofBatch(batchId: string): string {
  return batchId.slice(batchId.indexOf('.') + 1)
}

async function pictured(path: string, record: string, producer: string, title: string): Promise<Draft> {
  const id = freshId()
  await keepFile(id, path)
  const body = { producer_id: producer, client_id: id, record_client_id: record }
  return { id, kind: 'photo', producer, path: '/api/v1/farming/photos', needs: [record], body, title, file: id, part: 'photo' }
}

function sent({ name, registration_no, manufacturer, source, method, amount, unit }: Used) {
  return { name, registration_no, manufacturer, source, method, amount, unit }
}

/** Begin a batch, with or without signal: its id is known at once, so records can follow. */
export async function begin(product: Product, sites: Site[], started_on: string, title: string): Promise<void> {
  const owner = session.get()?.accountId
  const known = farm().get()
  if (!owner || !known) throw new Error('nobody is logged in')
  const id = freshId()
  const body = { producer_id: known.producer, client_id: id, product_id: product.id, site_ids: sites.map((site) => site.id), started_on }
  await theOutbox().add(owner, [{ id, kind: 'batch', producer: known.producer, path: '/api/v1/farming/batches', needs: [], body, title }])
  const batch = { ...body, id: `${known.producer}.${id}`, product_name: product.name, crop: product.crop, crop_class: crops.find((crop) => crop.code === product.crop)?.class ?? '', variety: '', area_mu: area(sites), planned_harvest_on: null, state: 'open' }
  await farm().set({ ...known, batches: [batch, ...known.batches] })
  void flush(true)
}

function area(sites: Site[]): string {
  return String(sites.reduce((sum, site) => sum + Number(site.area_mu), 0))
}

/** What the platform has of a record that conflicts; undefined when it cannot be read now. */
export async function stored(batchId: string, clientId: string): Promise<Record<string, unknown> | undefined> {
  const page = await call<{ items: Record<string, unknown>[] }>('GET', `/api/v1/farming/batches/${batchId}/records`).catch(() => undefined)
  return page?.items.find((one) => String(one.id).endsWith(`.${clientId}`))
}

/** Send this phone's version of a conflicting record as a correction of the platform's. */
export async function amend(body: Record<string, unknown>, reason: string, title: string): Promise<void> {
  const owner = session.get()?.accountId
  if (!owner) throw new Error('nobody is logged in')
  const id = freshId()
  const batch = String(body.batch_id)
  const producer = batch.slice(0, batch.indexOf('.'))
  const amends = `${producer}.${String(body.client_id)}`
  const changed = { ...body, client_id: id, amends, amend_reason: reason }
  await theOutbox().add(owner, [{ id, kind: 'record', producer, needs: [], body: changed, title }])
  void flush(true)
}

