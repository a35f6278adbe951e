/** What was harvested, each with the one thing to do next. */
import { useCallback, useEffect, useState } from 'react'
import Taro, { useDidShow } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { harvestsUnderWay, nextFor } from '@/rules/certifying'
import type { Goods } from '@/rules/moving'
import { certificates, choices, lots, openLots, type Lot } from '@/services/certificates'
import { farm } from '@/services/farming'
import { flush, useOutbox } from '@/services/outbox'
import { isBuyer, session } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Fold } from '@/ui/base'
import { started } from '@/ui/started'
import { amount, useGoods } from '@/ui/goods'
import { Page } from '@/ui/page'
import { label, units } from '@/vocab'
import { plain } from '@/rules/telling'
import { useWords } from '@/words'
import { holdReasons, lotEvents } from '../terms'

const open = (page: string) => void Taro.navigateTo({ url: `/farmer/${page}` })

function Lots() {
  const t = useWords()
  const known = useStore(session)
  const [fresh, setFresh] = useState<boolean>()
  const kept = useStore(lots())
  const items = useOutbox().filter((item) => item.owner === known?.accountId)
  const coming = useGoods().filter((one) => one.waits && one.born !== 'harvest' && one.onHand > 0)
  const arrived = items.filter((item) => item.state === 'delivered').length
  const renew = useCallback(() => { void flush().then(openLots).then(setFresh) }, [])
  useEffect(renew, [renew, arrived])
  useDidShow(renew)
  if (!known) return <Page title={t('lots')}><El as="p" cls="card">{t('nobody')}</El><Button onTap={() => void Taro.redirectTo({ url: '/farmer/enter/index' })}>{t('enter')}</Button></Page>
  const underWay = harvestsUnderWay(items, kept ?? [])
  const buyer = isBuyer(known)
  const gone = kept?.filter((lot) => nextFor(lot) === 'gone') ?? []
  return (
    <Page title={t(buyer ? 'goods' : 'lots')}>
      {fresh === undefined && !kept && <El as="p" cls="lead" live>{t('loading')}</El>}
      {fresh === false && <El as="p" cls="strip" live>{t(kept ? 'lots_old' : 'lots_unread')}</El>}
      {underWay.map((item) => <UnderWay key={item.id} item={item} />)}
      {coming.map((one) => <Coming key={one.id} one={one} />)}
      {kept?.filter((lot) => nextFor(lot) !== 'gone').map((lot) => <LotCard key={lot.id} lot={lot} />)}
      {kept?.length === 0 && underWay.length === 0 && <El as="p" cls="card">{t(buyer ? 'goods_none' : 'lots_none')}</El>}
      {gone.length > 0 && <Fold summary={t('gone_lots', { count: gone.length })}><El cls="lines">{gone.map((lot) => <LotCard key={lot.id} lot={lot} />)}</El></Fold>}
      {buyer && <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/goods/intake/index' })}>{t('intake')}</Button>}
      <Button cls="btn quiet" onTap={() => open('certificates/index')}>{t('certificates')}</Button>
    </Page>
  )
}

/** A harvest that has no lot yet, because the platform has not told of it. */
function UnderWay({ item }: { item: Item }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const name = useStore(farm())?.batches.find((batch) => batch.id === item.body.batch_id)?.product_name ?? item.title
  const fix = item.state === 'needs_fix' || item.state === 'conflict'
  const there = item.state === 'delivered'
  return (
    <El as="section" cls="card lot" label={name}>
      <El as="h2">{name} <El as="span" cls={`chip ${fix ? 'void' : there ? 'valid' : 'mark'}`}>{t(fix ? 's_needs_fix' : there ? 's_delivered' : 'lot_waits')}</El></El>
      <El as="p">{t('harvested_on', { day: String(item.body.happened_on) })} · {String(item.body.amount)} {label(units, String(item.body.unit), lang)}</El>
      <El as="p" cls="next">{t(fix ? 'next_fix' : 'next_signal')}</El>
      {fix && <Button onTap={() => open('outbox/index')}>{t('outbox')}</Button>}
      {!fix && <See id={`${item.producer}.${item.id}`} />}
    </El>
  )
}

function See({ id }: { id: string }) {
  const t = useWords()
  return <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/goods/lot/index?id=${encodeURIComponent(id)}` })}>{t('see_lot')}</Button>
}

/** What was received or made on this phone and is not on the platform yet. */
function Coming({ one }: { one: Goods }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <El as="section" cls="card lot" label={one.product_name}>
      <El as="h2">{one.product_name} <El as="span" cls="chip mark">{t('lot_waits')}</El></El>
      <El as="p">{t('born_on', { day: one.born_on, how: label(lotEvents, one.born, lang) })} · {amount(one.onHand, one.unit, lang)}</El>
      <See id={one.id} />
    </El>
  )
}

function LotCard({ lot }: { lot: Lot }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const issued = useStore(certificates())
  const own = (issued ?? []).filter((one) => one.lot_id === lot.id)
  const asked = useStore(choices())[lot.id]?.asked
  const next = nextFor(lot)
  const unit = label(units, lot.unit, lang)
  return (
    <El as="section" cls="card lot" label={`${lot.product_name} ${lot.harvested_on}`}>
      <El as="h2">{lot.product_name}{lot.variety ? ` · ${lot.variety}` : ''} <El as="span" cls={`chip ${next === 'held' ? 'held' : next === 'certify' ? 'valid' : ''}`}>{t(next === 'held' ? 'lot_held' : next === 'certify' ? 'lot_free' : 'lot_done')}</El></El>
      <El as="p">{lot.born === 'harvest' ? t('harvested_on', { day: lot.harvested_on }) : t('born_on', { day: lot.born_on, how: label(lotEvents, lot.born, lang) })}</El>
      {lot.born === 'harvest' && <El as="p">{t('lot_amount', { amount: `${lot.amount} ${unit}`, left: `${lot.left} ${unit}` })}</El>}
      {next !== 'gone' && <El as="p" cls="strong">{t('goods_now', { amount: `${plain(lot.on_hand)} ${unit}` })}</El>}
      <El as="p" cls="next">{next === 'held' ? t('next_held', { why: label(holdReasons, lot.held_reason ?? 'other', lang) }) : next === 'certify' ? t('next_certify') : t(next === 'gone' ? 'next_gone' : 'next_labels')}</El>
      {next === 'certify' && <Button cls="btn big" onTap={() => open(`certify/index?lot=${encodeURIComponent(lot.id)}`)}>{t(asked ? 'asked_before' : 'certify')}</Button>}
      {own.length > 0 && <Button cls="btn quiet" onTap={() => open(own.length === 1 ? `certificate/index?id=${encodeURIComponent(own[0]?.id ?? '')}` : `certificates/index?lot=${encodeURIComponent(lot.id)}`)}>{t('see_certificates', { count: own.length })}</Button>}
      <See id={lot.id} />
    </El>
  )
}

export default started(Lots)
