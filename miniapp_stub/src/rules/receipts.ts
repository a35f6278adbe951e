/** A receipt in words, for those who write no Latin letters; the server reads them as well. Pure. */
import { receiptLetters } from '@/vocab'
import type { Lang } from '@/state/settings'

export function spoken(receipt: string, lang: Lang): string {
  const word = (letter: string) => receiptLetters.find((one) => one.code === letter)?.[lang] ?? letter
  return receipt.split('-').map((group) => [...group].map(word).join(lang === 'en' ? ' ' : '')).join(lang === 'en' ? ' · ' : ' ')
}
