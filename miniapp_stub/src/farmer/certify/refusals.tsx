/** Why not, one by one: in plain words, by which law, which record, from which day, and a button for what can be done. */
import { useEffect, useState } from 'react'
import Taro from '@tarojs/taro'
import { stepFor, type Choice, type Step } from '@/rules/certifying'
import { recordNames, type Lot, type Refusal } from '@/services/certificates'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { useWords } from '@/words'
import type { Key } from '@/words/dictionary'
import './index.css'

const WHY: Partial<Record<Step, Key>> = { wait: 'step_wait_why', sender: 'step_sender_why', ask: 'step_ask_why' }
const WORDS: Record<Step, Key> = { wait: 'step_wait', records: 'step_records', note: 'step_note', amount: 'step_amount', bases: 'step_bases', sender: 'step_sender', ask: 'step_ask' }

export function Refusals({ lot, refusals, change, again }: { lot: Lot; refusals: Refusal[]; change: (some: Partial<Choice>) => void; again: () => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [names, setNames] = useState<Record<string, string>>({})
  useEffect(() => { if (refusals.some((one) => one.details?.record_ids?.length)) void recordNames(lot, lang).then(setNames) }, [lot.id, lang])
  const note = (record?: string) => void Taro.navigateTo({ url: `/farmer/record/index?batch=${encodeURIComponent(lot.batch_ids[0] ?? '')}${record ? `&amend=${encodeURIComponent(record)}` : ''}` })
  const does: Record<Step, (refusal: Refusal) => void> = {
    wait: () => void Taro.navigateTo({ url: '/farmer/farm/index' }),
    records: (refusal) => note(refusal.details?.record_ids?.[0]),
    note: () => note(),
    amount: () => change({ amount: lot.left }),
    bases: () => change({ bases: ['quality_control'] }),
    sender: again,
    ask: again,
  }
  return (
    <El as="section" cls="card refusals" label={t('refused_title')}>
      <El as="h2" cls="wrong">✕ {t('refused_title')}</El>
      {refusals.length > 1 && <El as="p">{t('refused_count', { count: refusals.length })}</El>}
      {refusals.map((one, place) => <Why key={place} refusal={one} names={names} step={stepFor(one.reason)} does={() => does[stepFor(one.reason)](one)} />)}
      <Button cls="btn quiet" onTap={again}>{t('retry')}</Button>
    </El>
  )
}

function Why({ refusal, names, step, does }: { refusal: Refusal; names: Record<string, string>; step: Step; does: () => void }) {
  const t = useWords()
  const { source, record_ids = [], earliest } = refusal.details ?? {}
  const why = WHY[step]
  const named = record_ids.flatMap((id) => names[id] ?? [])
  return (
    <El cls="why stop">
      <El as="p" cls="wrong strong">{refusal.message}</El>
      {earliest && <El as="p" cls="strong">{t('refused_earliest', { day: earliest })}</El>}
      {refusal.hint && <El as="p">{refusal.hint}</El>}
      {named.length > 0 && <El as="p">{t('refused_records')}{named.join('；')}</El>}
      {source && <El as="p" cls="law">{t('refused_law', { source })}</El>}
      {why && <El as="p">{t(why)}</El>}
      <Button cls="btn quiet" onTap={does}>{t(WORDS[step])}</Button>
    </El>
  )
}
