/** The inputs of one deed, several in a tank mix; a forbidden one is stopped before it is noted, an unknown one until its farmer
 * has found its number or said twice that it was used. */
import { useMemo, useState, type PropsWithChildren } from 'react'
import { DOSES, whole } from '@/rules/doses'
import { interval, judged } from '@/rules/inputs'
import { MOST_INPUTS, type Draft } from '@/rules/records'
import { measured } from '@/rules/telling'
import { rulebook, type Batch, type Used } from '@/services/farming'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { applicationMethods, crops } from '@/vocab'
import { useWords, type Say } from '@/words'
import { Finder } from '../finder'
import { Unknown, unsure } from './unknown'

/** Why it may not be used there, in words; undefined when nothing forbids it. Asked when it is chosen, and again when the deed is
 * kept: a deed that is repeated brings its inputs along, and the day or the method may have changed. */
export function stop(t: Say, one: Used, cropClass: string, day: string): string | undefined {
  const seen = judged(one, cropClass, day, rulebook.get(), one.method)
  return seen.kind === 'banned' ? t('stop_banned', { name: one.name, substance: seen.substance, law: seen.announcement }) : undefined
}

interface InputsProps { draft: Draft; batch: Batch; kinds: string[]; area: number; change: (some: Partial<Draft>) => void }

export function Inputs({ draft, batch, kinds, area, change }: InputsProps) {
  const t = useWords()
  const [finding, setFinding] = useState<'more' | number>()
  const [said, setSaid] = useState<string>()
  const crop = useMemo(() => crops.find((one) => one.code === batch.crop), [batch.crop])
  const allowed = (one: Used) => {
    const why = stop(t, one, batch.crop_class, draft.happened_on)
    setSaid(why)
    if (!why) setFinding(undefined)
    return !why
  }
  const pick = (one: Used) => {
    if (allowed(one)) change({ inputs: [...draft.inputs, { ...one, method: one.method ?? draft.inputs[0]?.method }] })
  }
  /** Another in its place: how it was used, how much and where it was bought stay. */
  const swap = (place: number, one: Used) => {
    if (!allowed(one)) return
    change({ inputs: draft.inputs.map(({ method, amount, unit, source, ...old }, at) => (at !== place ? { ...old, method, amount, unit, source } : { ...one, method: method ?? one.method, amount: amount ?? one.amount, unit: unit ?? one.unit, source: source ?? one.source })) })
  }
  const set = (place: number, some: Partial<Used>) => change({ inputs: draft.inputs.map((one, at) => (at === place ? { ...one, ...some } : one)) })
  const drop = (place: number) => { setSaid(undefined); setFinding(undefined); change({ inputs: draft.inputs.filter((_, at) => at !== place) }) }
  const open = finding === 'more' || draft.inputs.length === 0
  return (
    <>
      <El as="h3">{t('which_input')}</El>
      {draft.inputs.map((one, place) => (
        <One key={place} used={one} days={interval(one, crop)} area={area} set={(some) => set(place, some)} drop={() => drop(place)}>
          {unsure(one, kinds) && !stop(t, one, batch.crop_class, draft.happened_on) && <Unknown used={one} kinds={kinds} set={(some) => set(place, some)} swap={(other) => swap(place, other)} other={() => setFinding(place)} />}
          {finding === place && <Finder kinds={kinds} onPick={(other) => swap(place, other)} />}
        </One>
      ))}
      {open && <Finder kinds={kinds} onPick={pick} />}
      {said && <El as="p" cls="wrong stop" live>{said}</El>}
      {!open && draft.inputs.length < MOST_INPUTS && <Button cls="btn quiet" onTap={() => { setSaid(undefined); setFinding('more') }}>{t('one_more')}</Button>}
    </>
  )
}

interface OneProps { used: Used; days: number | undefined; area: number; set: (some: Partial<Used>) => void; drop: () => void }

function One({ used, days, area, set, drop, children }: PropsWithChildren<OneProps>) {
  const t = useWords()
  return (
    <El as="section" cls="mix" label={used.name}>
      <El as="p" cls="picked"><El as="strong">{used.name}</El> {used.registration_no} {days !== undefined && t('wait_days', { days })}</El>
      {children}
      {!used.registration_no && <Field label={t('maker')} value={used.manufacturer ?? ''} onChange={(manufacturer) => set({ manufacturer })} max={80} />}
      <Dose used={used} area={area} set={set} />
      <El as="h3">{t('method')}</El>
      <Choices label={t('method')} terms={applicationMethods} value={used.method ?? ''} onPick={(method) => set({ method })} />
      <Field label={t('dealer')} value={used.source ?? ''} onChange={(source) => set({ source })} max={80} />
      <Button cls="btn quiet" label={t('drop_input', { name: used.name })} onTap={drop}>{t('drop')}</Button>
    </El>
  )
}

/** Per mu, in all, or as a dilution: whichever way it is thought of. */
function Dose({ used, area, set }: Pick<OneProps, 'used' | 'area' | 'set'>) {
  const t = useWords()
  const { lang } = useStore(settings)
  const all = whole(used.amount, used.unit, area)
  return (
    <>
      <Field label={t('amount')} kind="number" value={used.amount ?? ''} onChange={(amount) => set({ amount })} max={12} />
      {DOSES.map(([word, terms]) => (
        <El key={word} cls="dose">
          <El as="p" cls="soft">{t(word)}</El>
          <Choices label={t(word)} terms={terms} value={used.unit ?? ''} onPick={(unit) => set({ unit })} />
        </El>
      ))}
      {all && <El as="p" cls="soft" live>{t('whole_dose', { mu: area, amount: measured(all.amount, all.unit, lang) })}</El>}
    </>
  )
}
