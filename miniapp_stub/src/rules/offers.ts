/**
 * Which inputs are offered first: what stands on the shelf, then what was used before. Pure. Where more was used than bought
 * (below nothing) there is still some of it; what was used up (nothing) is not offered.
 */
import type { Item } from '@/outbox/rules'
import type { DraftInput } from './records'

interface Shelved { registration_no: string | null; name: string; manufacturer: string | null; kind: string; on_hand: string }
interface Bought { item: string; registration_no: string | null; name: string; dealer: string; cancelled: boolean }
interface Kept { shelf: readonly Shelved[]; purchases: readonly Bought[]; producer: string }

const MOST = 8

export function offered(
  kinds: readonly string[], kept: Kept | null, usual: readonly DraftInput[], catalogue: Record<string, DraftInput>, items: readonly Item[],
): { bought: DraftInput[]; before: DraftInput[] } {
  const fits = (one: DraftInput) => !one.kind || kinds.includes(one.kind)
  const there = (kept?.shelf ?? []).filter((one) => Number(one.on_hand) !== 0).sort((a, b) => Math.sign(Number(b.on_hand)) - Math.sign(Number(a.on_hand)))
  const shelf = there.map((one) => known(one, kept?.purchases ?? [], usual, catalogue))
  const bought = distinct([...unsent(items, kept?.producer ?? '', catalogue), ...shelf].filter(fits)).slice(0, MOST)
  const names = new Set(bought.map(keyed))
  return { bought, before: usual.filter((one) => fits(one) && !names.has(keyed(one))) }
}

/** From the shelf, with where it was bought last, what its label says, and how it was used last. */
function known(one: Shelved, purchases: readonly Bought[], usual: readonly DraftInput[], catalogue: Record<string, DraftInput>): DraftInput {
  const same = (other: { registration_no?: string | null; name: string }) => keyed(other) === keyed(one)
  const last = usual.find(same)
  const source = purchases.find((other) => !other.cancelled && same(other))?.dealer ?? last?.source
  const said = { name: one.name, kind: one.kind, ...(one.registration_no ? { registration_no: one.registration_no } : {}), ...(one.manufacturer ? { manufacturer: one.manufacturer } : {}) }
  return { ...catalogue[one.registration_no ?? ''], ...(last && { method: last.method, unit: last.unit, amount: last.amount }), ...said, source }
}

/** Bought on this phone and not yet taken in by the platform. */
function unsent(items: readonly Item[], producer: string, catalogue: Record<string, DraftInput>): DraftInput[] {
  const waiting = items.filter((item) => item.kind === 'purchase' && item.producer === producer && item.state !== 'delivered')
  return waiting.map(({ body, title }) => {
    const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined)
    const number = text('registration_no')
    const plain = { name: text('name') ?? title, registration_no: number, manufacturer: text('manufacturer'), kind: text('kind'), source: text('dealer') }
    const filled = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as unknown as DraftInput
    return { ...catalogue[number ?? ''], ...filled }
  })
}

function keyed(one: { registration_no?: string | null; name: string }): string {
  return one.registration_no || one.name.replace(/\s/g, '').toLowerCase()
}

function distinct(inputs: readonly DraftInput[]): DraftInput[] {
  return inputs.filter((one, place) => inputs.findIndex((other) => keyed(other) === keyed(one)) === place)
}
