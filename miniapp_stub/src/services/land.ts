/** Land and products, made with or without signal: their ids are known at once, and batches wait for them. */
import { shape, type Corner } from '@/rules/land'
import { farm, show } from './farming'
import { add, flush, freshId, theOutbox } from './outbox'

export interface Land { name: string; typed_area_mu: string; corners: Corner[] }

/** Rejects when the phone is full. */
export async function newSite({ name, typed_area_mu, corners }: Land, title: string): Promise<void> {
  const kept = farm()
  const known = kept.get()
  if (!known) throw new Error('the farm is not known yet')
  const id = freshId()
  const body = { client_id: id, name, typed_area_mu, geometry: shape(corners) }
  await add([{ id, kind: 'site', producer: known.producer, path: `/api/v1/producers/${known.producer}/sites`, needs: [], body, title }])
  await show(kept, { ...known, sites: [{ id: `${known.producer}.${id}`, name, area_mu: typed_area_mu }, ...known.sites] })
  void flush(true)
}

/** A site that was refused, corrected: its place on the phone follows. */
export async function correctSite(id: string, { name, typed_area_mu, corners }: Land, title: string): Promise<void> {
  const item = theOutbox().list().find((one) => one.id === id)
  if (!item) return
  const geometry = corners.length ? shape(corners) : item.body.geometry
  await theOutbox().correct(id, { ...item.body, name, typed_area_mu, geometry }, title)
  const kept = farm(item.producer)
  const known = kept.get()
  if (known) await show(kept, { ...known, sites: known.sites.map((one) => (one.id.endsWith(`.${id}`) ? { ...one, name, area_mu: typed_area_mu } : one)) })
  void flush(true)
}

/** Rejects when the phone is full. */
export async function newProduct(crop: string, name: string, variety: string, title: string): Promise<void> {
  const kept = farm()
  const known = kept.get()
  if (!known) throw new Error('the farm is not known yet')
  const id = freshId()
  const body = { client_id: id, crop, name, ...(variety ? { variety } : {}) }
  await add([{ id, kind: 'product', producer: known.producer, path: `/api/v1/producers/${known.producer}/products`, needs: [], body, title }])
  await show(kept, { ...known, products: [{ id: `${known.producer}.${id}`, name, crop }, ...known.products] })
  void flush(true)
}
