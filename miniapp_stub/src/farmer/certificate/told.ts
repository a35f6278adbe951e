/** What is said of a certificate in a line. */
import type { Certificate } from '@/services/certificates'

export function productOf(one: Certificate): string {
  return one.card.fields.find((field) => field.code === 'product')?.value ?? ''
}

/** An instant’s civil day in China. */
export function dayOf(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10)
}
