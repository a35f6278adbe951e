/** Says so when what is shown is what was kept. */
import { useWords } from '@/words'
import { El } from './base'
import type { Heard } from './reading'

export function Freshness({ heard, at }: { heard: Heard; at: number }) {
  const t = useWords()
  if (heard === 'asking' || heard === 'fresh') return null
  const moment = new Date(at + 8 * 3_600_000).toISOString()
  return <El as="p" cls="strip" live>{t('officer_kept', { day: moment.slice(0, 10), time: moment.slice(11, 16) })}</El>
}
