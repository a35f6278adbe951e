/** What arrived of a shipment: line by line, never more than was sent. Pure. */
import type { Key } from '@/words/dictionary'
import { base, inUnit } from './moving'

export interface SentLine { lot_id: string; amount: string; unit: string; base: number }
export interface ArrivedLine { lot_id: string; client_id: string; amount: string; unit: string }

/** What is wrong with it; undefined when nothing is. Nothing at all having arrived is a refusal, not a receipt. */
export function wrongArrival(sent: readonly SentLine[], arrived: readonly ArrivedLine[]): { word: Key; params?: Record<string, string> } | undefined {
  for (const line of sent) {
    const one = arrived.find((known) => known.lot_id === line.lot_id)
    const quantity = one ? base(one.amount, one.unit) : NaN
    if (Number.isNaN(quantity)) return { word: 'amount_wrong' }
    if (one && quantity > line.base) return { word: 'arrived_over', params: { sent: inUnit(line.base, one.unit) } }
  }
  return arrived.every((one) => base(one.amount, one.unit) === 0) ? { word: 'arrived_nothing' } : undefined
}

/** How much less arrived than was sent, in grams or pieces. */
export function missing(sent: readonly SentLine[], arrived: readonly ArrivedLine[]): number {
  return sent.reduce((total, line) => {
    const one = arrived.find((known) => known.lot_id === line.lot_id)
    return total + line.base - (one ? base(one.amount, one.unit) || 0 : 0)
  }, 0)
}
