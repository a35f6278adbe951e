/** What happens to goods, as far as the phone knows before the platform: what is there, what is wrong with a wish, what waits for what. Pure. */
import type { Item } from '@/outbox/rules'
import { units } from '@/vocab'
import type { Key } from '@/words/dictionary'
import { isHarvest } from './certifying'

export type MoveKind = 'ship' | 'return' | 'market' | 'retail' | 'destroy' | 'split' | 'merge' | 'repack' | 'transform'
export interface Taken { lot_id: string; amount: string; unit: string }
export interface Made { client_id: string; amount: string; unit: string; product_name?: string; crop?: string; variety?: string }

/** What a person wishes to do; `takes` begins with the lot they stood on, `makes` is what comes out of it. */
export interface Move {
  kind: MoveKind
  takes: Taken[]
  makes: Made[]
  to?: { id: string; name: string }
  partner: string
  place: string
  reason: string
  note: string
  happened_on: string
}

/** A lot as the platform told of it. */
export interface LotLike {
  id: string; crop: string; product_name: string; variety: string; amount: string; unit: string; left: string; on_hand: string
  harvested_on: string; born: string; born_on: string; state: string; held_reason: string | null
}

/** A lot less what is on its way out, in grams or pieces; `waits` for what is not on the platform yet. */
export interface Goods { id: string; crop: string; product_name: string; variety: string; unit: string; onHand: number; loose: number; state: string; born: string; born_on: string; waits: boolean }

const CONVERSIONS: ReadonlySet<MoveKind> = new Set(['split', 'merge', 'repack', 'transform'] as const)
const AMOUNT = /^\d{1,9}(\.\d{1,3})?$/
export const MOST_PARTS = 20

export function converts(kind: MoveKind): boolean {
  return CONVERSIONS.has(kind)
}

function unitOf(code: string): { dimension: string; to_base: number } {
  return units.find((one) => one.code === code) ?? { dimension: '', to_base: 1 }
}

/** Grams or pieces, rounded down as the platform does; NaN for what is no amount. */
export function base(amount: string, unit: string): number {
  if (!AMOUNT.test(amount)) return NaN
  return Math.floor((Math.round(Number(amount) * 1000) * unitOf(unit).to_base) / 1000)
}

/** A quantity in a unit, without trailing zeros. */
export function inUnit(quantity: number, unit: string): string {
  return (Math.floor((quantity * 1000) / unitOf(unit).to_base) / 1000).toFixed(3).replace(/\.?0+$/, '')
}

const SPOKEN: ReadonlySet<string> = new Set(['kg', 'jin', 't'])

/** The units in which goods counted in this one are spoken of. */
export function fitting(unit: string): typeof units {
  const { dimension } = unitOf(unit)
  return units.filter((one) => one.code === unit || (dimension === 'mass' && SPOKEN.has(one.code)))
}

/** Where it is posted, and what. */
export function request({ kind, takes, makes, to, partner, place, reason, note, happened_on }: Move): { path: string; body: Record<string, unknown> } {
  const said = { kind, happened_on, note: note.trim() }
  if (converts(kind)) return { path: '/api/v1/lots/conversions', body: { ...said, inputs: takes, outputs: makes.map(named) } }
  if (kind === 'ship' || kind === 'return') return { path: '/api/v1/lots/shipments', body: { ...said, lines: takes, ...(to ? { to_producer_id: to.id } : { partner: partner.trim() }) } }
  return { path: '/api/v1/lots/leavings', body: { ...said, lines: takes, place: place.trim(), ...(reason ? { reason } : {}) } }
}

function named({ product_name, ...one }: Made): Made {
  return product_name?.trim() ? { ...one, product_name: product_name.trim() } : one
}

/** The wish that such a body says, to be corrected. `name` is how the receiver was called. */
export function wish(body: Record<string, unknown>, name: string): Move {
  const text = (key: string) => (typeof body[key] === 'string' ? body[key] : '')
  return {
    kind: text('kind') as MoveKind,
    takes: (body.inputs ?? body.lines ?? []) as Taken[],
    makes: (body.outputs ?? []) as Made[],
    to: text('to_producer_id') ? { id: text('to_producer_id'), name } : undefined,
    partner: text('partner'), place: text('place'), reason: text('reason'), note: text('note'), happened_on: text('happened_on'),
  }
}

/** Split and merge keep the quantity by themselves: what goes in of a split, or comes out of a merge, is the sum. */
export function balanced(move: Move): Move {
  const [taken] = move.takes
  const [made] = move.makes
  if (move.kind === 'split' && taken) return { ...move, takes: [{ ...taken, amount: summed(move.makes, taken.unit) }] }
  if (move.kind === 'merge' && made) return { ...move, makes: [{ ...made, amount: summed(move.takes, made.unit) }] }
  return move
}

export function sum(parts: readonly { amount: string; unit: string }[]): number {
  return parts.reduce((total, one) => total + (base(one.amount, one.unit) || 0), 0)
}

function summed(parts: readonly { amount: string; unit: string }[], unit: string): string {
  const total = sum(parts)
  return total ? inUnit(total, unit) : ''
}

/** What is lost on the way, in grams or pieces; undefined where it cannot be told (animals that became kilograms). */
export function lost(move: Move): number | undefined {
  const dimensions = new Set([...move.takes, ...move.makes].map((one) => unitOf(one.unit).dimension))
  return dimensions.size > 1 ? undefined : sum(move.takes) - sum(move.makes)
}

export interface Wrong { word: Key; params?: Record<string, string> }

/** The first thing that cannot be right, before anybody is asked; undefined when nothing is. `goods`: without this very wish. */
export function wrongWith(move: Move, goods: readonly Goods[], today: string): Wrong | undefined {
  return wrongAmount(move, goods) ?? wrongParts(move) ?? wrongWords(move, goods) ?? wrongDay(move, goods, today)
}

function wrongAmount({ kind, takes }: Move, goods: readonly Goods[]): Wrong | undefined {
  for (const one of takes) {
    const known = goods.find((lot) => lot.id === one.lot_id)
    const wanted = base(one.amount, one.unit)
    if (!(wanted > 0)) return { word: 'amount_wrong' }
    if (known && wanted > known.onHand) return { word: 'move_over', params: { left: inUnit(known.onHand, one.unit) } }
    if (known && converts(kind) && wanted > known.loose) return { word: 'move_certified', params: { left: inUnit(known.loose, one.unit) } }
  }
  return undefined
}

function wrongParts(move: Move): Wrong | undefined {
  if (!converts(move.kind)) return undefined
  if (move.kind === 'split' && move.makes.length < 2) return { word: 'move_two_parts' }
  if (move.kind === 'merge' && move.takes.length < 2) return { word: 'move_two_lots' }
  if (move.makes.some((one) => !(base(one.amount, one.unit) > 0))) return { word: 'amount_wrong' }
  if ((lost(move) ?? 0) < 0) return { word: 'move_more_out' }
  return move.kind === 'transform' && move.makes.some((one) => !one.product_name?.trim()) ? { word: 'move_name_missing' } : undefined
}

function wrongWords({ kind, takes, to, partner, place, reason }: Move, goods: readonly Goods[]): Wrong | undefined {
  const bought = kind === 'return' && takes.every((one) => goods.find((lot) => lot.id === one.lot_id)?.born === 'intake') // the platform knows of whom
  if ((kind === 'ship' || kind === 'return') && !to && !partner.trim() && !bought) return { word: 'move_whom_missing' }
  if (kind === 'market' && !place.trim()) return { word: 'move_place_missing' }
  return kind === 'destroy' && !reason ? { word: 'move_reason_missing' } : undefined
}

function wrongDay({ takes, happened_on }: Move, goods: readonly Goods[], today: string): Wrong | undefined {
  const born = goods.filter((lot) => takes.some((one) => one.lot_id === lot.id)).map((lot) => lot.born_on)
  return !happened_on || happened_on > today || born.some((day) => day > happened_on) ? { word: 'move_day_wrong' } : undefined
}

/** What of a stopped lot may still leave. */
export function allowed(kind: MoveKind, state: string): boolean {
  if (state === 'held') return kind === 'destroy'
  return state === 'recalled' ? kind === 'destroy' || kind === 'return' : true
}

const own = (id: string) => id.slice(id.indexOf('.') + 1)

function taken(item: Item): Taken[] {
  return item.kind === 'move' ? ((item.body.inputs ?? item.body.lines ?? []) as Taken[]) : []
}

function made(item: Item): (Made & { lot_id?: string })[] {
  if (item.kind === 'receipt' || item.kind === 'intake') return (item.body.lines ?? []) as (Made & { lot_id?: string })[]
  return item.kind === 'move' ? ((item.body.outputs ?? []) as Made[]) : []
}

/** The unsent items that something done to these lots must follow: what makes them, whoever wrote it, and what was done to them
 * before; by `owner` alone when one is given, for what another left unsent on this phone may never go. */
export function follows(lotIds: readonly string[], items: readonly Item[], owner?: string): string[] {
  const ids = new Set(lotIds.map(own))
  const makes = (item: Item) => ids.has(item.id) || made(item).some((one) => ids.has(one.client_id))
  const touches = (item: Item) =>
    (item.kind === 'record' && typeof item.body.amends === 'string' && ids.has(own(item.body.amends))) || taken(item).some((one) => ids.has(own(one.lot_id)))
  const before = (item: Item) => touches(item) && (owner === undefined || item.owner === owner)
  return items.filter((item) => item.state !== 'delivered' && (makes(item) || before(item))).map((item) => item.id)
}

/** Everything there is once what this phone still has to say was said. `at`: when the lots were read; `named`: of harvests under way. */
export function standing(lots: readonly LotLike[], items: readonly Item[], at: number, named: (harvest: Item) => Partial<Goods> = () => ({}), except = ''): Goods[] {
  const goods = new Map(lots.map((lot) => [lot.id, told(lot)]))
  const open = items.filter((item) => item.id !== except && (item.state !== 'delivered' || (item.deliveredAt ?? 0) > at)).sort((a, b) => a.order - b.order)
  for (const item of open) {
    if (isHarvest(item) && !goods.has(`${item.producer}.${item.id}`)) goods.set(`${item.producer}.${item.id}`, harvested(item, named(item)))
    if (made(item).some((one) => goods.has(`${item.producer}.${one.client_id}`))) continue // the platform did it, its answer was lost
    const first = taken(item).map((one) => goods.get(one.lot_id)).find(Boolean)
    for (const one of taken(item)) leave(goods.get(one.lot_id), String(item.body.kind) as MoveKind, base(one.amount, one.unit) || 0)
    for (const one of made(item)) {
      const quantity = base(one.amount, one.unit) || 0
      if (quantity) goods.set(`${item.producer}.${one.client_id}`, born(item, one, quantity, first))
    }
  }
  return [...goods.values()]
}

function told(lot: LotLike): Goods {
  return {
    id: lot.id, crop: lot.crop, product_name: lot.product_name, variety: lot.variety, unit: lot.unit, state: lot.state, born: lot.born, born_on: lot.born_on,
    onHand: base(lot.on_hand, lot.unit) || 0, loose: base(lot.left, lot.unit) || 0, waits: false,
  }
}

function harvested(item: Item, more: Partial<Goods>): Goods {
  const unit = String(item.body.unit)
  const quantity = base(String(item.body.amount), unit) || 0
  return { id: `${item.producer}.${item.id}`, crop: '', product_name: item.title, variety: '', unit, state: 'free', born: 'harvest', born_on: String(item.body.happened_on), onHand: quantity, loose: quantity, waits: true, ...more }
}

function born(item: Item, one: Made & { lot_id?: string }, quantity: number, first: Goods | undefined): Goods {
  return {
    id: `${item.producer}.${one.client_id}`, crop: one.crop ?? first?.crop ?? String(item.body.crop ?? ''), product_name: one.product_name || first?.product_name || item.title, variety: one.variety ?? '', unit: one.unit,
    state: 'free', born: item.kind === 'receipt' ? 'receive' : item.kind === 'intake' ? 'intake' : String(item.body.kind), born_on: String(item.body.happened_on), onHand: quantity, loose: quantity, waits: true,
  }
}

/** As the ledger does: sold goods take their certificates along first, spoilt ones go without. */
function leave(lot: Goods | undefined, kind: MoveKind, quantity: number): void {
  if (!lot || kind === 'market') return
  const covered = lot.onHand - lot.loose
  const loose = converts(kind) || kind === 'destroy' ? Math.min(quantity, lot.loose) : Math.max(quantity - covered, 0)
  lot.loose = Math.max(lot.loose - loose, 0)
  lot.onHand = Math.max(lot.onHand - quantity, 0)
}
