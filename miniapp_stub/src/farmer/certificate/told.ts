/** What is said of a certificate in a line. */
import type { Certificate } from '@/services/certificates'

export function productOf(one: Certificate): string {
  return one.card.fields.find((field) => field.code === 'product')?.value ?? ''
}
