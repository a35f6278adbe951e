/** What a dose comes to on the land it went on. Pure. */
import { units } from '@/vocab'

const TOTALS: Record<string, string> = { g_per_mu: 'g', ml_per_mu: 'ml', kg_per_mu: 'kg' }

/** The whole amount of a dose per mu, at most three decimals; undefined when there is nothing to multiply. */
export function whole(amount: string | undefined, unit: string | undefined, area: number): { amount: string; unit: string } | undefined {
  const of = TOTALS[unit ?? '']
  if (!of || !area || !/^\d+(\.\d+)?$/.test(amount ?? '')) return undefined
  return { amount: String(Math.round(Number(amount) * area * 1000) / 1000), unit: of }
}

/** Units in which a use is told, by the way a farmer thinks of it. */
export const DOSES = [
  ['per_mu', units.filter((one) => one.dimension === 'dose')],
  ['in_all', units.filter((one) => one.dimension === 'mass' || one.dimension === 'volume')],
  ['diluted', units.filter((one) => one.dimension === 'dilution')],
] as const
