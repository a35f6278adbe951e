/** What is on the shelf, what was bought; a purchase that was entered wrongly is cancelled and stays to be seen. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { lines, measured } from '@/rules/telling'
import { farm, type Purchase, type Shelf } from '@/services/farming'
import { useOutbox } from '@/services/outbox'
import { cancelPurchase } from '@/services/stock'
import { here } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { CHIPS } from '@/ui/states'
import { inputKinds, label } from '@/vocab'
import { useWords } from '@/words'
import { useFresh } from '../fresh'
import { Told } from '../told'

const KINDS = new Set(['purchase', 'purchase_cancellation', 'stock_count'])

function Stock() {
  const t = useWords()
  const ready = useFresh()
  const kept = useStore(farm())
  const waiting = useOutbox().filter((item) => KINDS.has(item.kind) && item.producer === here() && item.state !== 'delivered')
  return (
    <Page title={t('stock')}>
      <Button cls="btn big" onTap={() => void Taro.navigateTo({ url: '/farmer/buy/index' })}>{t('bought_new')}</Button>
      {waiting.map((item) => (
        <Button key={item.id} cls="row outbox-line" onTap={() => void Taro.navigateTo({ url: '/farmer/outbox/index' })}>
          <El as="span" cls="grow">{item.title}</El><El as="span" cls={`chip ${CHIPS[item.state]}`}>{t(`s_${item.state}`)}</El>
        </Button>
      ))}
      {!ready && <El as="p" cls="lead" live>{t('loading')}</El>}
      {ready && !kept?.shelf.length && waiting.length === 0 && <El as="p" cls="card soft">{t('shelf_none')}</El>}
      {kept?.shelf.map((one) => <OnShelf key={one.item} one={one} />)}
      {!!kept?.purchases.length && <El as="h2">{t('purchases')}</El>}
      {kept?.purchases.map((one) => <BoughtThen key={one.id} one={one} leaving={waiting.some((item) => String(item.path).includes(one.id))} />)}
    </Page>
  )
}

function OnShelf({ one }: { one: Shelf }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <El as="section" cls="card" label={one.name}>
      <El as="h2">{one.name}</El>
      <El as="p" cls="soft">{label(inputKinds, one.kind, lang)} {one.registration_no}</El>
      <El as="p" cls="lead">{!one.unit ? t('unmeasured') : one.short ? t('short_by', { amount: measured(one.on_hand.replace('-', ''), one.unit, lang) }) : t('on_hand', { amount: measured(one.on_hand, one.unit, lang) })}</El>
      {one.short && <El as="p" cls="hold">{t('short')}</El>}
      {one.unit && <El as="p" cls="soft">{t('in_and_out', { bought: measured(one.bought, one.unit, lang), used: measured(one.used, one.unit, lang) })}</El>}
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/farmer/shelf/index?item=${encodeURIComponent(one.item)}` })}>{t('count_and_history')}</Button>
    </El>
  )
}

function BoughtThen({ one, leaving }: { one: Purchase; leaving: boolean }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [asking, setAsking] = useState(false)
  return (
    <El as="section" cls="card" label={`${one.name} ${one.bought_on}`}>
      <El as="p"><El as="strong">{one.name}</El> {one.cancelled && <El as="span" cls="chip void">{t('cancelled')}</El>}</El>
      <Told lines={lines({ ...one, name: '', note: one.cancelled ? one.cancel_reason : one.note }, lang, {})} />
      {one.warnings.map((warning) => <El as="p" key={warning.reason} cls="hold">{warning.message}{warning.hint}</El>)}
      {!one.cancelled && !leaving && !asking && <Button cls="btn quiet" onTap={() => setAsking(true)}>{t('entered_wrongly')}</Button>}
      {asking && !leaving && <Why one={one} />}
    </El>
  )
}

function Why({ one }: { one: Purchase }) {
  const t = useWords()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState('')
  const go = () => {
    if (!reason.trim()) return setProblem(t('missing', { what: t('why') }))
    void cancelPurchase(one, reason.trim(), t('cancel_title', { name: one.name })).catch(() => setProblem(t('storage_full')))
  }
  return (
    <>
      <Field label={t('why')} value={reason} onChange={setReason} max={200} hint={t('why_hint')} />
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      <Button onTap={go}>{t('cancel_it')}</Button>
    </>
  )
}

export default started(Stock)
