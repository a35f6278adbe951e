/** What is on its way: to be received, sent and not confirmed, and where less arrived; and one's own code. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { answering, traffic, type Event } from '@/services/goods'
import { useOutbox } from '@/services/outbox'
import { here, session } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { attempt } from '@/ui/failing'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { copyText } from '@/ui/platform'
import { useContents } from '@/ui/contents'
import { useWords } from '@/words'
import type { Key } from '@/words/dictionary'
import { CHIPS } from '@/ui/states'
import { useOpened } from '@/ui/goods'

function Arrivals() {
  const t = useWords()
  const known = useStore(session)
  const fresh = useOpened()
  const kept = useStore(traffic())
  if (!known) return <Page title={t('arrivals')}><El as="p" cls="card">{t('nobody')}</El></Page>
  const none = kept && !kept.incoming.length && !kept.sent.length && !kept.differs.length
  return (
    <Page title={t('arrivals')}>
      {fresh === undefined && !kept && <El as="p" cls="lead" live>{t('loading')}</El>}
      {fresh === false && <El as="p" cls="strip" live>{t('lots_old')}</El>}
      {none && <El as="p" cls="card soft">{t('arrivals_none')}</El>}
      <Some said={'incoming'} events={kept?.incoming} />
      <Some said={'differing'} events={kept?.differs} />
      <Some said={'outgoing'} events={kept?.sent} />
      <Code />
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/goods/intake/index' })}>{t('intake')}</Button>
    </Page>
  )
}

function Some({ said, events = [] }: { said: Key; events?: readonly Event[] }) {
  const t = useWords()
  if (!events.length) return null
  return (
    <El as="section" cls="card" label={t(said)}>
      <El as="h2">{t(said)}</El>
      {events.map((event) => <Line key={event.id} event={event} incoming={said === 'incoming'} />)}
    </El>
  )
}

function Line({ event, incoming }: { event: Event; incoming: boolean }) {
  const t = useWords()
  const contents = useContents()
  const saying = answering(useOutbox(), event.id)
  return (
    <Button cls="row" onTap={() => void Taro.navigateTo({ url: `/goods/arrival/index?id=${encodeURIComponent(event.id)}` })}>
      <El as="span" cls="grow"><El as="strong">{incoming ? event.sender : event.partner}</El> <El as="span" cls="line">{event.happened_on} · {contents(event)}</El></El>
      {saying && <El as="span" cls={`chip ${CHIPS[saying.state]}`}>{t(`s_${saying.state}`)}</El>}
    </Button>
  )
}

/** The code by which others send goods here. */
function Code() {
  const t = useWords()
  const [copied, setCopied] = useState(false)
  const code = here()
  if (!code) return null
  return (
    <El as="section" cls="card" label={t('my_code')}>
      <El as="h2">{t('my_code')}</El>
      <El as="p" cls="lead code">{code.slice(0, 5)} {code.slice(5)}</El>
      <El as="p" cls="soft">{t('my_code_hint')}</El>
      <Button cls="btn quiet" onTap={() => attempt(copyText(code).then(() => setCopied(true)))}>{copied ? '✓ ' : ''}{t('copy_code')}</Button>
    </El>
  )
}

export default started(Arrivals)
