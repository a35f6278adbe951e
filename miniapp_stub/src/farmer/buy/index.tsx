/** Noting a purchase: what, how much, where and when. Works without signal. */
import { useRef, useState } from 'react'
import { useRouter } from '@tarojs/taro'
import { unbuyable } from '@/rules/inputs'
import { farm, rulebook, type Used } from '@/services/farming'
import { theOutbox } from '@/services/outbox'
import { buy, correctPurchase, type Bought } from '@/services/stock'
import { today } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { goBack } from '@/ui/leaving'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { inputKinds, units } from '@/vocab'
import { useWords, type Say } from '@/words'
import { useFresh } from '../fresh'
import { Finder } from '../finder'

const EVERYTHING = inputKinds.map((one) => one.code)
const MEASURED = units.filter((one) => ['mass', 'volume'].includes(one.dimension) || one.code === 'piece')
const AMOUNT = /^\d{1,9}(\.\d{1,3})?$/

function wanting(t: Say, bought: Bought): string {
  const absent = !bought.name ? 'which_input' : !bought.registration_no && !bought.kind ? 'input_kind' : !AMOUNT.test(bought.amount) ? 'bought_amount' : !bought.unit ? 'unit' : !bought.bought_on ? 'bought_on' : !bought.dealer.trim() ? 'dealer' : undefined
  return absent ? t('missing', { what: t(absent) }) : ''
}

function Buy() {
  const t = useWords()
  const { item = '' } = useRouter().params
  const rules = useStore(rulebook)
  const last = useStore(farm())?.purchases.find((one) => !one.cancelled)
  useFresh()
  const correcting = theOutbox().list().find((one) => one.id === item)
  const [bought, setBought] = useState<Bought>({ amount: '', unit: '', bought_on: today(), dealer: last?.dealer ?? '', ...(correcting?.body as Partial<Bought> | undefined) })
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const busy = useRef(false)
  const change = (some: Partial<Bought>) => { setBought((before) => ({ ...before, ...some })); setProblem('') }
  const pick = (one: Used) => {
    const seen = unbuyable(one, bought.bought_on, rules)
    if (seen.kind === 'banned') return setProblem(t('stop_buying', { name: one.name, substance: seen.substance, law: seen.announcement }))
    change({ name: one.name, registration_no: one.registration_no, manufacturer: one.manufacturer, kind: one.kind, dealer: bought.dealer || one.source || '' })
  }
  const save = async () => {
    const why = wanting(t, bought)
    if (why || busy.current) return setProblem(why)
    busy.current = true
    const title = t('bought_title', { name: bought.name ?? '' })
    try {
      await (correcting ? correctPurchase(correcting.id, bought, title) : buy(bought, title))
      await goBack('/farmer/stock/index')
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  return (
    <Page title={t('bought_new')}>
      <El as="section" cls="card">
        <El as="h2">{t('bought_what')}</El>
        {bought.name && <El as="p" cls="picked"><El as="strong">{bought.name}</El> {bought.registration_no}</El>}
        {bought.name ? <Button cls="btn quiet" onTap={() => change({ name: undefined, registration_no: undefined, kind: undefined, manufacturer: undefined })}>{t('another_input')}</Button> : <Finder kinds={EVERYTHING} onPick={pick} />}
        {bought.name && <Rest bought={bought} change={change} />}
        {problem && <El as="p" cls="wrong stop" live>{problem}</El>}
        <Button cls="btn big" onTap={() => void save()}>{t('save')}</Button>
      </El>
    </Page>
  )
}

function Rest({ bought, change }: { bought: Bought; change: (some: Partial<Bought>) => void }) {
  const t = useWords()
  return (
    <>
      {!bought.registration_no && <><El as="h3">{t('input_kind')}</El><Choices label={t('input_kind')} terms={inputKinds} value={bought.kind ?? ''} onPick={(kind) => change({ kind })} /></>}
      {!bought.registration_no && <Field label={t('maker')} value={bought.manufacturer ?? ''} onChange={(manufacturer) => change({ manufacturer })} max={80} />}
      <Field label={t('bought_amount')} kind="number" value={bought.amount} onChange={(amount) => change({ amount })} hint={t('bought_amount_hint')} max={12} />
      <Choices label={t('unit')} terms={MEASURED} value={bought.unit} onPick={(unit) => change({ unit })} />
      <Field label={t('dealer')} value={bought.dealer} onChange={(dealer) => change({ dealer })} max={80} />
      <Field label={t('bought_on')} kind="day" value={bought.bought_on} onChange={(bought_on) => change({ bought_on })} />
      <Field label={t('pack_batch')} value={bought.batch_no ?? ''} onChange={(batch_no) => change({ batch_no })} max={40} />
    </>
  )
}

export default started(Buy)
