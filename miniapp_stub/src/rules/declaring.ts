/** A producer's declaration for a season: where it stands, what is offered first, what is still missing. Pure. */
import { commitments, remindOn } from '@/vocab_declaring'
import type { Item } from '@/outbox/rules'

export interface Amount { amount: string; unit: string }
/** What is being written; `planned` by product. It lives on the phone until it is sent. */
export interface Draft { season: string; sites: string[]; products: string[]; planned: Record<string, Amount>; agreed: string[] }
/** One version as the platform has it. */
export interface Version {
  id: string; season: string; version: number; state: string; reason: string | null; submitted_at: string
  sites: { id?: string; name?: string }[]; products: { id?: string; name?: string }[]; planned: { product_id: string; amount: string; unit: string }[]
}
export type Kind = 'refused' | 'waiting' | 'draft' | 'returned' | 'submitted' | 'approved' | 'due' | 'none'
export interface Standing { kind: Kind; version?: Version; item?: Item }

const PARTS = ['spring', 'summer', 'autumn', 'winter'] as const
/** What the platform still decides on or has decided; the most urgent first. */
const URGENT = ['returned', 'submitted', 'approved'] as const
const AMOUNT = /^\d{1,9}(\.\d{1,3})?$/

/** Every word for a season of the year, the whole year first. */
export function seasons(year: string): string[] {
  return [year, ...PARTS.map((part) => `${year}-${part}`)]
}

/** The newest version of each season of the year; what has an answer to give comes first. */
export function newest(versions: readonly Version[], year: string): Version[] {
  const latest = new Map<string, Version>()
  for (const one of versions.filter((known) => known.season.startsWith(year))) {
    if (one.version > (latest.get(one.season)?.version ?? 0)) latest.set(one.season, one)
  }
  const place = (one: Version) => (URGENT as readonly string[]).indexOf(one.state)
  return [...latest.values()].sort((a, b) => place(a) - place(b) || (a.submitted_at < b.submitted_at ? 1 : -1))
}

/** Where this year's declaration stands: `versions` as they were read at `at` (ms), `items` one's own declarations of this producer in
 * the outbox, newest first. What has arrived since then is not listed yet. */
export function standing(versions: readonly Version[], at: number, items: readonly Item[], draft: Draft | null, today: string): Standing {
  const [version] = newest(versions, today.slice(0, 4))
  const refused = items.find((item) => item.state === 'needs_fix')
  if (refused) return { kind: 'refused', version, item: refused }
  const waiting = items.find((item) => item.state !== 'delivered' || ((item.deliveredAt ?? 0) >= at && !versions.some((one) => one.id.endsWith(`.${item.id}`))))
  if (waiting) return { kind: 'waiting', version, item: waiting }
  if (draft) return { kind: 'draft', version }
  if (version && (URGENT as readonly string[]).includes(version.state)) return { kind: version.state as Kind, version }
  return { kind: today.slice(5) >= remindOn ? 'due' : 'none' }
}

/** Whether the farm page should say that there is something to do. */
export function urgent(kind: Kind): boolean {
  return kind === 'due' || kind === 'returned' || kind === 'refused' || kind === 'draft'
}

/** The season to offer: the one that came back, or this year in the way it was declared before. */
function offeredSeason(before: Version | undefined, today: string): string {
  const year = today.slice(0, 4)
  if (before?.state === 'returned' && before.season.startsWith(year)) return before.season
  const part = PARTS[Math.floor(((Number(today.slice(5, 7)) + 9) % 12) / 3)]
  return before?.season.includes('-') ? `${year}-${part}` : year
}

/** What to begin with: what was declared last, as far as it is still there; else all land and products. Nothing is promised yet. */
export function offered(versions: readonly Version[], sites: readonly string[], products: readonly string[], today: string): Draft {
  const before = newest(versions, today.slice(0, 4))[0] ?? [...versions].sort((a, b) => (a.submitted_at < b.submitted_at ? 1 : -1))[0]
  const known = (all: readonly string[], said: readonly { id?: string }[]) => all.filter((id) => said.some((one) => one.id === id))
  const kept = before ? known(products, before.products) : [...products]
  const planned = Object.fromEntries((before?.planned ?? []).filter((row) => kept.includes(row.product_id)).map(({ product_id, amount, unit }) => [product_id, { amount, unit }]))
  return { season: offeredSeason(before, today), sites: before ? known(sites, before.sites) : [...sites], products: kept, planned, agreed: [] }
}

export type Lack = 'sites' | 'products' | 'planned' | 'commitments'

/** The first thing that is missing; a buyer grows nothing and so needs no land. */
export function lacking(draft: Draft, kind: string): Lack | undefined {
  if (!draft.sites.length && kind !== 'buyer') return 'sites'
  if (!draft.products.length) return 'products'
  if (!amounts(draft).every((row) => AMOUNT.test(row.amount) && Number(row.amount) > 0)) return 'planned'
  return commitments.every((one) => draft.agreed.includes(one.code)) ? undefined : 'commitments'
}

function amounts(draft: Draft) {
  return draft.products.flatMap((product_id) => {
    const said = draft.planned[product_id]
    return said?.amount.trim() ? [{ product_id, amount: said.amount.trim(), unit: said.unit }] : []
  })
}

/** The draft as the API takes it, but for the client id. */
export function said(draft: Draft) {
  return { season: draft.season, site_ids: draft.sites, product_ids: draft.products, planned: amounts(draft), commitments: draft.agreed }
}

/** A draft out of what was sent and refused, as far as land and products are still there; what was promised is promised anew. */
export function drafted(body: Record<string, unknown>, sites: readonly string[], products: readonly string[]): Draft {
  const sent = body as unknown as ReturnType<typeof said>
  const planned = Object.fromEntries(sent.planned.map(({ product_id, amount, unit }) => [product_id, { amount, unit }]))
  return { season: sent.season, sites: sites.filter((id) => sent.site_ids.includes(id)), products: products.filter((id) => sent.product_ids.includes(id)), planned, agreed: [] }
}

export function toggled(all: readonly string[], one: string): string[] {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one]
}
