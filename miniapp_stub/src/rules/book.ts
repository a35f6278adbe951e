/** The book of a month: its first and last day, and what was on hand at its end. Pure. */
import { plus } from './inputs'

export interface Total { product_name: string; unit: string; in: string; out: string; lost: string; change: string }
export interface Month { since: string; until: string }

/** `2026-09` → its days; the running month ends today. */
export function days(month: string, today: string): Month {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const last = `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')}`
  return { since: `${month}-01`, until: last < today ? last : today }
}

/** The month so many before or after. */
export function shifted(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const months = year * 12 + number - 1 + by
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** The day after. */
export function after(day: string): string {
  return plus(day, 1)
}

/** What was on hand at the end of a span: what there is now, less by how much it has changed since. By `name unit`. */
export function closing(now: ReadonlyMap<string, number>, since: readonly Total[]): Map<string, number> {
  const left = new Map(now)
  for (const one of since) left.set(key(one), (left.get(key(one)) ?? 0) - Number(one.change))
  return left
}

export function key(one: { product_name: string; unit: string }): string {
  return `${one.product_name} ${one.unit}`
}
