/** Says so when what is shown is what was kept. */
import { minute } from '@/rules/china'
import { useWords } from '@/words'
import { El } from './base'
import type { Heard } from './reading'

export function Freshness({ heard, at }: { heard: Heard; at: number }) {
  const t = useWords()
  if (heard === 'asking' || heard === 'fresh') return null
  const [day = '', time = ''] = minute(at).split(' ')
  return <El as="p" cls="strip" live>{t('officer_kept', { day, time })}</El>
}
