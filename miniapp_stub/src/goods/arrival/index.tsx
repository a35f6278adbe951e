/** One shipment: what was sent and under which certificates; received, refused, called back or agreed to. Works without signal. */
import { useEffect } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { inUnit } from '@/rules/moving'
import { plain } from '@/rules/telling'
import { answering, refreshShipment, shipment, traffic, type Event, type Proof } from '@/services/goods'
import { theOutbox, useOutbox } from '@/services/outbox'
import { session } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Proofs } from '@/ui/proofs'
import { label, units } from '@/vocab'
import { useWords } from '@/words'
import { useOpened } from '@/ui/goods'
import { shipmentStates } from '../terms'
import { CallBack, Settle } from './sender'
import { Receive } from './receive'

function ArrivalPage() {
  const t = useWords()
  const { id: given = '', item = '' } = useRouter().params
  const correcting = theOutbox().list().find((one) => one.id === item && one.kind === 'receipt')
  const id = correcting?.path?.split('/')[5] ?? decodeURIComponent(given)
  const known = useStore(session)
  const fresh = useOpened()
  const kept = useStore(shipment(id))
  const listed = [...(useStore(traffic())?.incoming ?? []), ...(useStore(traffic())?.sent ?? []), ...(useStore(traffic())?.differs ?? [])].find((one) => one.id === id)
  const arrived = useOutbox().filter((one) => one.state === 'delivered').length
  useEffect(() => { if (id) void shipment(id).load().then(() => refreshShipment(id)).catch(() => undefined) }, [id, arrived])
  const event = kept?.event ?? listed
  return (
    <Page title={t('arrival')}>
      {!known && <El as="p" cls="card">{t('nobody')}</El>}
      {!event && fresh === undefined && <El as="p" cls="lead" live>{t('loading')}</El>}
      {!event && fresh !== undefined && <El as="p" cls="card" live>{t('arrival_unknown')}</El>}
      {event && <Shown event={event} proofs={kept?.proofs} />}
      {event && <Doings event={event} item={item} />}
    </Page>
  )
}

function Shown({ event, proofs }: { event: Event; proofs?: readonly Proof[] }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const received = new Map((event.answer?.lines ?? []).map((line) => [line.lot_id, line.received]))
  const state = event.state === 'received' || event.state === 'settled' ? 'valid' : event.state === 'sent' ? 'mark' : 'void'
  return (
    <El as="section" cls="card" label={event.partner}>
      <El as="p"><El as="span" cls={`chip ${state}`}>{label(shipmentStates, event.state, lang)}</El></El>
      <El as="h2">{event.sender} → {event.partner}</El>
      <El as="p" cls="soft">{t('sent_on', { day: event.happened_on })}</El>
      {event.takes.map((line) => (
        <El key={line.lot_id} cls="said">
          <El as="p"><El as="strong">{line.product_name}{line.variety ? ` · ${line.variety}` : ''}</El> {t('harvested_on', { day: line.harvested_on })}</El>
          {received.has(line.lot_id)
            ? <El as="p">{t('counted', { sent: `${plain(line.amount)} ${label(units, line.unit, lang)}`, received: `${inUnit(received.get(line.lot_id) ?? 0, line.unit)} ${label(units, line.unit, lang)}` })}</El>
            : <El as="p" cls="lead">{t('sent_what', { amount: `${plain(line.amount)} ${label(units, line.unit, lang)}` })}</El>}
        </El>
      ))}
      {event.note && <El as="p">{event.note}</El>}
      {event.answer?.note && <El as="p" cls="hold">{t('they_said', { note: event.answer.note })}</El>}
      {proofs && proofs.length > 0 && <El as="h3">{t('came_with')}</El>}
      {proofs && <Proofs proofs={proofs} />}
      {proofs?.length === 0 && event.state === 'sent' && <El as="p" cls="hold">{t('came_without')}</El>}
    </El>
  )
}

function Doings({ event, item }: { event: Event; item: string }) {
  const t = useWords()
  const saying = answering(useOutbox(), event.id)
  const mine = useStore(session)?.producers.map((one) => one.id) ?? []
  const correcting = saying?.id === item && saying.state === 'needs_fix' ? saying : undefined
  if (saying && !correcting) {
    return (
      <El as="section" cls="card">
        <El as="p" cls={saying.state === 'needs_fix' ? 'wrong' : 'good'} live>{t('arrival_said', { state: t(`s_${saying.state}`) })}</El>
        {saying.problem && <El as="p" cls="wrong">{saying.problem.message}{saying.problem.hint}</El>}
        <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/farmer/outbox/index' })}>{t('outbox')}</Button>
      </El>
    )
  }
  const [toMe, fromMe] = [mine.includes(event.to_producer_id), mine.includes(event.producer_id)]
  return (
    <>
      {toMe && (event.state === 'sent' || correcting) && <Receive key={event.id} event={event} correcting={correcting} />}
      {fromMe && event.state === 'sent' && <CallBack event={event} />}
      {fromMe && event.state === 'differs' && <Settle event={event} />}
      {toMe && event.state !== 'sent' && event.state !== 'refused' && event.state !== 'cancelled' && <Button onTap={() => void Taro.navigateTo({ url: '/farmer/lots/index' })}>{t('to_lots')}</Button>}
    </>
  )
}

export default started(ArrivalPage)
