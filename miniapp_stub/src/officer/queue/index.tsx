/** An officer's day: complaints by their clocks, declarations to review, producers to visit. Readable without signal. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { forOfficer } from '@/rules/asking'
import { byUrgency, placeName, toVisit, urgency, waitingSteps, type Urgency } from '@/rules/desk'
import { useMine } from '@/services/mine'
import { desk, more, refreshDesk, type Case, type Desk } from '@/services/officer'
import { isOfficer, regionsOf, session, today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Freshness } from '@/ui/freshness'
import { useReading } from '@/ui/reading'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Asked } from '@/ui/asked'
import { Uploads } from '@/ui/uploads'
import { complaintCategories, complaintStates, label, producerKinds, producerStates } from '@/vocab'
import { useWords } from '@/words'

function Queue() {
  const t = useWords()
  const known = useStore(session)
  if (!known || !isOfficer(known)) {
    return (
      <Page title={t('officer')}>
        <El as="p" cls="card">{t(known ? 'officer_only' : 'nobody')}</El>
        <Button onTap={() => void Taro.redirectTo({ url: '/officer/enter/index' })}>{t('officer_enter')}</Button>
      </Page>
    )
  }
  return <Page title={t('officer')}><Uploads /><Today /></Page>
}

function Today() {
  const t = useWords()
  const arrived = useMine().filter((item) => item.state === 'delivered').length
  const { value: kept, heard } = useReading(desk(), refreshDesk, arrived)
  if (!kept) return <El as="p" cls="lead" live>{t(heard === 'asking' ? 'loading' : 'officer_never')}</El>
  return (
    <>
      <Freshness heard={heard} at={kept.at} />
      {regionsOf(session.get(), 'complaint:read').length > 0 && <><Cases kept={kept} /><Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/officer/ended/index' })}>{t('cases_ended_see')}</Button></>}
      {regionsOf(session.get(), 'declaration:review').length > 0 && <Declarations kept={kept} />}
      {regionsOf(session.get(), 'question:ask').length > 0 && <Asked title={t('questions')} none={t('questions_none')} questions={forOfficer(kept.questions ?? [])} />}
      <Producers kept={kept} />
    </>
  )
}

const CHIPS: Record<Urgency, string> = { overdue: 'void', nearly: 'mark', calm: 'lab', stopped: '' }

function Cases({ kept }: { kept: Desk }) {
  const t = useWords()
  const cases = byUrgency(kept.cases, today())
  return (
    <El as="section" cls="card" label={t('cases')}>
      <El as="h2">{t('cases')}{cases.length > 0 && ` · ${cases.length}`}</El>
      {cases.length === 0 && <El as="p" cls="soft">{t('cases_none')}</El>}
      {cases.map((one) => <CaseRow key={one.id} one={one} kept={kept} />)}
    </El>
  )
}

function CaseRow({ one, kept }: { one: Case; kept: Desk }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const waiting = waitingSteps(useMine(), one.id).length
  const how = urgency(one, today())
  return (
    <Button cls="row" onTap={() => void Taro.navigateTo({ url: `/officer/case/index?id=${one.id}` })}>
      <El as="span" cls="grow">
        <El as="span" cls="line strong">{label(complaintCategories, one.category, lang)}</El>
        <El as="span" cls="line soft">{placeName(one.region, kept.places)} · {label(complaintStates, one.state, lang)}</El>
        {waiting > 0 && <El as="span" cls="line hold">{t('step_waits')}</El>}
      </El>
      <El as="span" cls={`chip ${CHIPS[how]}`}>{t(`due_${how}`, { day: (one.due_on ?? '').slice(5) })}</El>
    </Button>
  )
}

function Declarations({ kept }: { kept: Desk }) {
  const t = useWords()
  const waiting = useMine().filter((item) => item.kind === 'decision' && item.state !== 'delivered')
  return (
    <El as="section" cls="card" label={t('declarations')}>
      <El as="h2">{t('declarations')}{kept.declarations.length > 0 && ` · ${kept.declarations.length}`}</El>
      {kept.declarations.length === 0 && <El as="p" cls="soft">{t('declarations_none')}</El>}
      {kept.declarations.map((one) => (
        <Button key={one.id} cls="row" onTap={() => void Taro.navigateTo({ url: `/officer/declaration/index?id=${encodeURIComponent(one.id)}` })}>
          <El as="span" cls="grow">
            <El as="span" cls="line strong">{one.producer_name}</El>
            <El as="span" cls="line soft">{placeName(one.region, kept.places)} · {t('season', { season: one.season })}</El>
          </El>
          {waiting.some((item) => item.path?.includes(one.id)) && <El as="span" cls="chip mark">{t('s_waiting')}</El>}
        </Button>
      ))}
    </El>
  )
}

const FIRST = 20

function Producers({ kept }: { kept: Desk }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [asked, setAsked] = useState('')
  const [shown, setShown] = useState(FIRST)
  const words = asked.trim()
  const found = toVisit(kept.producers.filter((one) => !words || one.name.includes(words)))
  const next = () => {
    setShown(shown + FIRST)
    if (shown + FIRST > found.length && Object.keys(kept.next).length) void more().catch(() => undefined)
  }
  return (
    <El as="section" cls="card" label={t('producers')}>
      <El as="h2">{t('producers')}</El>
      {kept.producers.length > 5 && <Field label={t('find_producer')} value={asked} onChange={setAsked} max={40} />}
      {found.length === 0 && <El as="p" cls="soft">{t(words ? 'producers_not_found' : 'producers_none')}</El>}
      {found.slice(0, shown).map((one) => (
        <Button key={one.id} cls="row" onTap={() => void Taro.navigateTo({ url: `/officer/producer/index?id=${one.id}` })}>
          <El as="span" cls="grow">
            <El as="span" cls="line strong">{one.name}</El>
            <El as="span" cls="line soft">{placeName(one.region, kept.places)} · {label(producerKinds, one.kind, lang)}</El>
          </El>
          {one.status !== 'active' && <El as="span" cls={`chip ${one.status === 'suspended' ? 'void' : 'mark'}`}>{label(producerStates, one.status, lang)}</El>}
        </Button>
      ))}
      {(found.length > shown || Object.keys(kept.next).length > 0) && <Button cls="btn quiet" onTap={next}>{t('show_more')}</Button>}
    </El>
  )
}

export default started(Queue)
