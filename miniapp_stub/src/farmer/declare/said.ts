/** Words for what a declaration says. */
import type { Lang } from '@/state/settings'
import { label, units } from '@/vocab'
import type { Say } from '@/words'

export function amount(row: { amount: string; unit: string }, lang: Lang): string {
  return `${row.amount} ${label(units, row.unit, lang)}`
}

/** A season in words: `2026`, or `2026 秋季`. */
export function season(word: string, t: Say): string {
  const [year = '', part] = word.split('-')
  const words = { spring: t('d_spring'), summer: t('d_summer'), autumn: t('d_autumn'), winter: t('d_winter') }
  return `${year} ${part ? words[part as keyof typeof words] : t('d_whole')}`
}
