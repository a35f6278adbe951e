/** A farmer's home: each batch with the one thing to do next and the days until harvest is lawful. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import CircleProgress from '@nutui/nutui-react-taro/dist/es/packages/circleprogress'
import '@nutui/nutui-react-taro/dist/es/packages/circleprogress/style/css'
import { between, lawfulFrom } from '@/rules/inputs'
import { waitingUses } from '@/rules/waiting'
import { farm, type Batch, type Window } from '@/services/farming'
import { remindMe, summary } from '@/services/inbox'
import { useOutbox } from '@/services/outbox'
import { here, isBuyer, revise, session, today, type Session } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El, Fold } from '@/ui/base'
import { attempt } from '@/ui/failing'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Arriving } from '@/ui/arriving'
import { Uploads } from '@/ui/uploads'
import { useWords } from '@/words'
import { useFresh } from '../fresh'
import { Harvested, Harvests } from '../lots/way'
import { ToDo } from './todo'

const open = (page: string) => void Taro.navigateTo({ url: `/farmer/${page}` })

function Farm() {
  const t = useWords()
  const known = useStore(session)
  const kept = useStore(farm())
  const items = useOutbox()
  const ready = useFresh()
  if (!known) return <Page title={t('farm')}><El as="p" cls="card">{t('nobody')}</El><Button onTap={() => void Taro.redirectTo({ url: '/farmer/enter/index' })}>{t('enter')}</Button></Page>
  const buyer = isBuyer(known) && !kept?.batches.length
  const mine = items.filter((item) => item.owner === known.accountId)
  return (
    <Page title={t(buyer ? 'buyer_home' : 'farm')}>
      <Chooser known={known} />
      <Arriving />
      <Lines />
      {!ready && <El as="p" cls="lead" live>{t('loading')}</El>}
      {ready && !kept && <El as="p" cls="card" live>{t('farm_unread')}</El>}
      {kept && <ToDo kept={kept} items={mine} />}
      {kept?.batches.length === 0 && !buyer && <El as="p" cls="card">{t('farm_none')}</El>}
      {kept?.batches.map((batch) => <Card key={batch.id} batch={batch} window={kept.windows[batch.id]} waiting={waitingUses(mine, batch, kept.at)} />)}
      <Harvests buyer={buyer} />
      {!buyer && <Land />}
      {!!kept?.ended?.length && <El as="section" cls="card"><Fold summary={t('finished_batches', { count: kept.ended.length })}>{kept.ended.map((batch) => <Ended key={batch.id} batch={batch} />)}</Fold></El>}
    </Page>
  )
}

/** What only those who grow something need. */
function Land() {
  const t = useWords()
  return (
    <>
      <Button cls="btn quiet" onTap={() => open('batch/index')}>{t('new_batch')}</Button>
      <Button cls="btn quiet" onTap={() => open('stock/index')}>{t('stock')}</Button>
      <Button cls="btn quiet" onTap={() => open('site/index')}>{t('new_site')}</Button>
      <Button cls="btn quiet" onTap={() => open('declare/index')}>{t('declare')}</Button>
    </>
  )
}

function Ended({ batch }: { batch: Batch }) {
  return <Button cls="row" onTap={() => open(`records/index?batch=${encodeURIComponent(batch.id)}`)}><El as="span" cls="grow">{batch.product_name}{batch.variety ? ` · ${batch.variety}` : ''}</El><El as="span" cls="soft">{batch.started_on}</El></Button>
}

/** Who works for several producers says whose pages are shown. */
function Chooser({ known }: { known: Session }) {
  const t = useWords()
  if (known.producers.length < 2) return null
  return (
    <El as="section" cls="card" label={t('which_producer')}>
      <El as="h2">{t('which_producer')}</El>
      <El cls="choices">{known.producers.map((one) => <Button key={one.id} cls="choice" pressed={one.id === here()} onTap={() => attempt(revise({ chosen: one.id }), 'settings_full')}>{one.name}</Button>)}</El>
    </El>
  )
}

/** What was written and not yet sent, and what one was told. */
function Lines() {
  const t = useWords()
  const unread = useStore(summary())?.unread ?? 0
  return (
    <El cls="lines">
      <Uploads />
      <Button cls="row outbox-line" onTap={() => open('inbox/index')}>
        <El as="span" cls="grow">{t('inbox')}</El>
        <El as="span" cls={`chip ${unread ? 'mark' : 'valid'}`}>{unread ? t('unread', { count: unread }) : t('all_read')}</El>
      </Button>
    </El>
  )
}

function Card({ batch, window, waiting }: { batch: Batch; window: Window | undefined; waiting: ReturnType<typeof waitingUses> }) {
  const t = useWords()
  const from = lawfulFrom(window?.earliest_lawful_harvest ?? null, waiting)
  const days = from ? Math.max(between(today(), from), 0) : 0
  const blocked = (window?.blocked ?? false) || waiting.some((use) => use.unknown)
  const state = blocked ? t('blocked') : days > 0 ? t('lawful_from', { day: from ?? '' }) : t('may_harvest')
  return (
    <El as="section" cls="card batch" label={batch.product_name}>
      <El cls="batch-top">
        <El cls="grow">
          <El as="h2">{batch.product_name}{batch.variety ? ` · ${batch.variety}` : ''}</El>
          <El as="p" cls="soft">{batch.started_on} · {t('area', { mu: batch.area_mu })}</El>
          <El as="p" cls={blocked ? 'wrong' : days > 0 ? 'hold' : 'good'}>{state}</El>
        </El>
        <El cls="ring" hidden>
          <CircleProgress percent={blocked ? 0 : days ? Math.max(4, 100 - Math.min(days, 30) * 3.2) : 100} radius={38} strokeWidth={7} color={blocked ? '#a51d1d' : days ? '#7a4a00' : '#0d5c3c'} background="#d9d5c7">
            {blocked ? '✕' : days || '✓'}
          </CircleProgress>
        </El>
      </El>
      {days > 0 && !blocked && <El as="p">{days} {t('days_left')}</El>}
      <El as="p" cls="next">{blocked ? t('next_ask') : days > 0 ? t('next_wait', { day: from ?? '' }) : t('next_log')}</El>
      {blocked && <El as="p">{t('blocked_hint')}</El>}
      <Button cls="btn big" onTap={() => open(`record/index?batch=${encodeURIComponent(batch.id)}`)}>{t('write')}</Button>
      <Harvested batch={batch} />
      {days > 0 && !blocked && <Remind />}
      <Button cls="btn quiet" onTap={() => open(`records/index?batch=${encodeURIComponent(batch.id)}`)}>{t('records')}</Button>
    </El>
  )
}

/** “Tell me when it is over”: the one tap at which a message outside the app is asked for. */
function Remind() {
  const t = useWords()
  const [told, setTold] = useState('')
  const ask = async () => {
    const how = await remindMe('phi_ended').catch(() => undefined)
    if (how === undefined) return setTold(t('remind_later'))
    setTold(how === 'inbox' ? t('remind_inbox') : how === 'refused' ? t('remind_refused') : t('remind_agreed', { count: how.agreed }))
  }
  return (
    <>
      <Button cls="btn quiet" onTap={() => void ask()}>{t('remind')}</Button>
      {told && <El as="p" live>{told}</El>}
    </>
  )
}

export default started(Farm)
