/** One lot: how much is there, under which certificates, what may be done with it, where it came from and where it went. */
import { useEffect, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { allowed, follows, type Goods, type MoveKind } from '@/rules/moving'
import { certificates } from '@/services/certificates'
import { lots, refreshStory, story, type Event, type Story } from '@/services/goods'
import { useOutbox } from '@/services/outbox'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Proofs } from '@/ui/proofs'
import { label, units } from '@/vocab'
import { plain } from '@/rules/telling'
import { useWords } from '@/words'
import { amount, useGoods, useOpened } from '@/ui/goods'
import { holdReasons, lotEvents, shipmentStates } from '../terms'
import { Chain } from './chain'

const open = (page: string) => void Taro.navigateTo({ url: page })

function LotPage() {
  const t = useWords()
  const id = decodeURIComponent(useRouter().params.id ?? '')
  const fresh = useOpened()
  const one = useGoods().find((known) => known.id === id)
  const told = useStore(story(id))
  const arrived = useOutbox().filter((item) => item.state === 'delivered').length
  const [unread, setUnread] = useState(false)
  useEffect(() => {
    if (one?.waits ?? true) return
    void story(id).load().then(() => refreshStory(id)).then(() => setUnread(false), () => setUnread(true))
  }, [id, one?.waits, arrived])
  return (
    <Page title={t('one_lot')}>
      {!one && fresh === undefined && <El as="p" cls="lead" live>{t('loading')}</El>}
      {!one && fresh !== undefined && <El as="p" cls="card">{t('lot_unknown')}</El>}
      {one && fresh === false && <El as="p" cls="strip" live>{t('lots_old')}</El>}
      {one && <Shown one={one} told={told} />}
      {one && <Doings one={one} />}
      {one && !one.waits && (told ? <Chain nodes={told.nodes} /> : unread && <El as="p" cls="card soft">{t('way_unread')}</El>)}
      {told && told.events.length > 0 && <History events={told.events} lot={id} />}
    </Page>
  )
}

function Shown({ one, told }: { one: Goods; told: Story | null }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const lot = useStore(lots())?.find((known) => known.id === one.id)
  const covered = one.onHand - one.loose
  return (
    <El as="section" cls="card lot" label={one.product_name}>
      <El as="h2">{one.product_name}{one.variety ? ` · ${one.variety}` : ''}</El>
      <El as="p" cls="soft">{t('born_on', { day: one.born_on, how: label(lotEvents, one.born, lang) })}</El>
      {one.waits && <El as="p"><El as="span" cls="chip mark">{t('goods_waits')}</El></El>}
      {one.state !== 'free' && <El as="p" cls="stop wrong" live>{one.state === 'held' ? t('stopped_held', { why: label(holdReasons, lot?.held_reason ?? 'other', lang) }) : t('stopped_recalled')}</El>}
      <El as="p" cls="lead">{one.onHand ? t('goods_now', { amount: amount(one.onHand, one.unit, lang) }) : t('goods_gone')}</El>
      {covered > 0 && <El as="p" cls="good">{t('goods_covered', { amount: amount(covered, one.unit, lang) })}</El>}
      {one.loose > 0 && one.onHand > 0 && <El as="p">{t('goods_loose', { amount: amount(one.loose, one.unit, lang) })}</El>}
      <Papers one={one} told={told} />
    </El>
  )
}

/** Its own certificates, and those it came with. */
function Papers({ one, told }: { one: Goods; told: Story | null }) {
  const t = useWords()
  const own = (useStore(certificates()) ?? []).filter((known) => known.lot_id === one.id && known.state === 'valid')
  return (
    <>
      {!one.waits && one.loose > 0 && one.state === 'free' && <Button onTap={() => open(`/farmer/certify/index?lot=${encodeURIComponent(one.id)}`)}>{t('certify')}</Button>}
      {own.length > 0 && <Button cls="btn quiet" onTap={() => open(own.length === 1 ? `/farmer/certificate/index?id=${encodeURIComponent(own[0]?.id ?? '')}` : `/farmer/certificates/index?lot=${encodeURIComponent(one.id)}`)}>{t('see_certificates', { count: own.length })}</Button>}
      {!!told?.proofs.length && <El as="h3">{t('came_with')}</El>}
      <Proofs proofs={told?.proofs ?? []} />
      {told?.proofs.length === 0 && one.born === 'receive' && <El as="p" cls="hold">{t('came_without')}</El>}
      {told?.proofs.length === 0 && one.born === 'intake' && <El as="p" cls="hold">{t('paper_none_means')}</El>}
      {one.born === 'intake' && <Button cls="btn quiet" onTap={() => open(`/goods/intake/index?lot=${encodeURIComponent(one.id)}`)}>{t('paper_enter')}</Button>}
    </>
  )
}

const KINDS: MoveKind[] = ['ship', 'retail', 'split', 'merge', 'repack', 'transform', 'market', 'return', 'destroy']

function Doings({ one }: { one: Goods }) {
  const t = useWords()
  const items = useOutbox()
  const waiting = new Set(follows([one.id], items))
  const kinds = KINDS.filter((kind) => one.onHand > 0 && allowed(kind, one.state) && (kind !== 'return' || one.born === 'receive' || one.born === 'intake'))
  return (
    <>
      {items.filter((item) => waiting.has(item.id)).map((item) => (
        <Button key={item.id} cls={`row outbox-line ${item.state === 'needs_fix' ? 'warn' : ''}`} onTap={() => open('/farmer/outbox/index')}>
          <El as="span" cls="grow">{item.title}</El><El as="span" cls={`chip ${item.state === 'needs_fix' ? 'void' : 'mark'}`}>{t(`s_${item.state}`)}</El>
        </Button>
      ))}
      {kinds.length > 0 && (
        <El as="section" cls="card" label={t('what_to_do')}>
          <El as="h2">{t('what_to_do')}</El>
          <El cls="pair">{kinds.map((kind) => <Button key={kind} cls={kind === 'ship' ? 'btn' : 'btn quiet'} onTap={() => open(`/goods/move/index?kind=${kind}&lot=${encodeURIComponent(one.id)}`)}>{t(`m_${kind}`)}</Button>)}</El>
        </El>
      )}
    </>
  )
}

function History({ events, lot }: { events: readonly Event[]; lot: string }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <El as="section" cls="card" label={t('lot_history')}>
      <El as="h2">{t('lot_history')}</El>
      {events.map((event) => {
        const line = [...event.takes, ...event.makes].find((known) => known.lot_id === lot)
        return (
          <El key={event.id} cls="said">
            <El as="p"><El as="strong">{event.happened_on} {label(lotEvents, event.kind, lang)}</El> {event.state !== 'done' && <El as="span" cls={`chip ${event.state === 'differs' || event.state === 'refused' ? 'void' : 'mark'}`}>{label(shipmentStates, event.state, lang)}</El>}</El>
            <El as="p">{line && `${plain(line.amount)} ${label(units, line.unit, lang)}`} {event.partner ?? event.place ?? ''}</El>
            {(event.answer?.note || event.note) && <El as="p" cls="soft">{event.answer?.note || event.note}</El>}
          </El>
        )
      })}
    </El>
  )
}

export default started(LotPage)
