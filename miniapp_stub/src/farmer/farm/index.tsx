/** A farmer's home: each batch with the one thing to do next and the days until harvest is lawful. */
import { useCallback, useEffect, useState } from 'react'
import Taro, { useDidShow } from '@tarojs/taro'
import CircleProgress from '@nutui/nutui-react-taro/dist/es/packages/circleprogress'
import '@nutui/nutui-react-taro/dist/es/packages/circleprogress/style/css'
import { between, lawfulFrom } from '@/rules/inputs'
import { waitingUses } from '@/rules/waiting'
import { farm, refresh, type Batch, type Window } from '@/services/farming'
import { flush, useOutbox } from '@/services/outbox'
import { session, today } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'

function Farm() {
  const t = useWords()
  const known = useStore(session)
  const kept = useStore(farm())
  const items = useOutbox()
  const [, setFresh] = useState(0)
  const renew = useCallback(() => {
    void farm().load().then(() => flush()).then(refresh).catch(() => undefined).then(() => setFresh((count) => count + 1))
  }, [])
  const arrived = items.filter((item) => item.state === 'delivered').length
  useEffect(renew, [renew, arrived])
  useDidShow(renew)
  if (!known) return <Page title={t('farm')}><El as="p" cls="card">{t('nobody')}</El><Button onTap={() => void Taro.redirectTo({ url: '/farmer/enter/index' })}>{t('enter')}</Button></Page>
  const mine = items.filter((item) => item.owner === known.accountId)
  const fix = mine.filter((item) => item.state === 'needs_fix' || item.state === 'conflict').length
  const wait = mine.filter((item) => item.state === 'waiting' || item.state === 'sending').length
  return (
    <Page title={t('farm')}>
      <Button cls={`row outbox-line ${fix ? 'warn' : ''}`} onTap={() => void Taro.navigateTo({ url: '/farmer/outbox/index' })}>
        <El as="span" cls="grow">{t('outbox')}</El>
        <El as="span" cls={`chip ${fix ? 'void' : wait ? 'mark' : 'valid'}`}>{fix ? t('to_fix', { count: fix }) : wait ? t('to_send', { count: wait }) : t('all_sent')}</El>
      </Button>
      {!kept && <El as="p" cls="lead" live>{t('loading')}</El>}
      {kept?.batches.length === 0 && <El as="p" cls="card">{t('farm_none')}</El>}
      {kept?.batches.map((batch) => <Card key={batch.id} batch={batch} window={kept.windows[batch.id]} waiting={waitingUses(mine, batch, kept.at)} />)}
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/farmer/batch/index' })}>{t('new_batch')}</Button>
    </Page>
  )
}

function Card({ batch, window, waiting }: { batch: Batch; window: Window | undefined; waiting: ReturnType<typeof waitingUses> }) {
  const t = useWords()
  const from = lawfulFrom(window?.earliest_lawful_harvest ?? null, waiting)
  const days = from ? Math.max(between(today(), from), 0) : 0
  const blocked = window?.blocked ?? false
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
      <Button cls="btn big" onTap={() => void Taro.navigateTo({ url: `/farmer/record/index?batch=${encodeURIComponent(batch.id)}` })}>{t('write')}</Button>
    </El>
  )
}

export default started(Farm)
