/** One complaint: its story, the conversation, and the step the officer takes next, with or without signal. */
import { useEffect, useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { day } from '@/rules/china'
import { asks, lacking, placeName, urgency, waitingSteps, type StepDraft } from '@/rules/desk'
import { useMine } from '@/services/mine'
import { contactOf, desk, eraseContact, forgetCase, linked, LINKS_LIVE, refreshCase, step, story, type Case, type Place } from '@/services/officer'
import { flush, theOutbox } from '@/services/outbox'
import { regionsOf, session, today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field, Picture } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { ask } from '@/ui/dialog'
import { worded } from '@/ui/failing'
import { Freshness } from '@/ui/freshness'
import { useReading } from '@/ui/reading'
import { started } from '@/ui/started'
import { Page, useSignal } from '@/ui/page'
import { complaintBodies, complaintCategories, complaintKinds, complaintOutcomes, complaintStates, complaintSteps, erasureReasons, label } from '@/vocab'
import { useWords } from '@/words'

function CasePage() {
  const { id: given = '', item = '' } = useRouter().params
  const t = useWords()
  const items = useMine()
  const [correcting, setCorrecting] = useState(() => items.find((one) => one.id === item))
  const [id] = useState(() => given || (/complaints\/([^/]+)\//.exec(correcting?.path ?? '')?.[1] ?? ''))
  const arrived = items.filter((one) => one.kind === 'complaint_step' && one.state === 'delivered').length
  const queue = useReading(desk(), async () => undefined).value
  const { value: kept, heard } = useReading(story(id), () => refreshCase(id), arrived)
  const one = kept?.one ?? queue?.cases.find((known) => known.id === id)
  const over = isOver(one)
  useEffect(() => (over ? () => { void forgetCase(id) } : undefined), [over, id])
  if (!one) return <Page title={t('case')}><El as="p" cls="lead" live>{t(heard === 'asking' ? 'loading' : heard === 'refused' ? 'case_gone' : 'officer_never')}</El></Page>
  const places = queue?.places ?? []
  return (
    <Page title={t('case')}>
      {kept && <Freshness heard={heard} at={kept.at} />}
      <Story one={one} places={places} at={kept?.at ?? 0} />
      {(one.has_contact || one.contact_erased_at) && <Contact key={one.contact_erased_at} one={one} />}
      <Conversation one={one} waiting={waitingSteps(items, id)} at={kept?.at ?? 0} />
      <Acting key={correcting?.id ?? 'new'} one={one} places={places} correcting={correcting} waiting={waitingSteps(items, id)} done={() => setCorrecting(undefined)} />
    </Page>
  )
}

function isOver(one: Case | undefined): boolean {
  return complaintStates.find((state) => state.code === one?.state)?.open === false
}

function Story({ one, places, at }: { one: Case; places: Place[]; at: number }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const how = urgency(one, today())
  return (
    <El as="section" cls="card" label={t('story')}>
      <El as="h2">{label(complaintCategories, one.category, lang)}</El>
      <El as="p"><El as="span" cls="chip lab">{label(complaintStates, one.state, lang)}</El> <El as="span" cls={`chip ${how === 'overdue' ? 'void' : how === 'nearly' ? 'mark' : ''}`}>{t(`due_${how}`, { day: one.due_on ?? '' })}</El></El>
      <El as="p" cls="told">{one.text}</El>
      <Pictures urls={one.photos} at={at} />
      <El as="p" cls="soft">{label(complaintKinds, one.kind, lang)} · {placeName(one.region, places)} {one.place}</El>
      {one.trace_code && <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/pages/trace/index?code=${one.trace_code}` })}>{t('see_trace')}</Button>}
      {one.producer_id && <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/officer/producer/index?id=${one.producer_id}` })}>{t('see_producer')}</Button>}
    </El>
  )
}

/** How to reach the reporter: opened on the record; of a case that is over, erased by who may. */
function Contact({ one }: { one: Case }) {
  const t = useWords()
  const known = useStore(session)
  const [contact, setContact] = useState('')
  const [problem, setProblem] = useState('')
  const may = (permission: string) => regionsOf(known, permission).length > 0
  const open = () => void contactOf(one.id).then(setContact).catch((error: unknown) => setProblem(worded(error, 'action_full')))
  if (one.contact_erased_at) return <El as="p" cls="card soft">{t('contact_erased', { day: day(one.contact_erased_at) })}</El>
  return (
    <El as="section" cls="card" label={t('contact_of')}>
      <El as="h2">{t('contact_of')}</El>
      {contact ? <El as="p" cls="told">{contact}</El> : <El as="p" cls="soft">{t(may('complaint:identity') ? 'contact_left' : 'contact_others')}</El>}
      {may('complaint:identity') && !contact && <Button cls="btn quiet" onTap={open}>{t('contact_open')}</Button>}
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      {may('complaint:erase') && isOver(one) && <Erasing id={one.id} />}
    </El>
  )
}

function Erasing({ id }: { id: string }) {
  const t = useWords()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState('')
  const busy = useRef(false)
  if (!open) return <Button cls="btn quiet" onTap={() => setOpen(true)}>{t('erase')}</Button>
  const erase = async () => {
    if (busy.current) return
    if (!reason || [...note.trim()].length < 2) return setProblem(t('missing', { what: t(reason ? 'erase_note' : 'erase_why') }))
    busy.current = true
    const sure = await ask({ title: t('erase'), text: t('erase_sure'), yes: t('erase_yes'), no: t('erase_no') })
    if (sure) await eraseContact(id, reason, note.trim()).catch((error: unknown) => setProblem(worded(error, 'action_full')))
    busy.current = false
  }
  return (
    <>
      <El as="h3">{t('erase_why')}</El>
      <Choices terms={erasureReasons} value={reason} onPick={(code) => { setReason(code); setProblem('') }} />
      <Field label={t('erase_note')} value={note} onChange={(text) => { setNote(text); setProblem('') }} max={200} hint={t('erase_note_hint')} />
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      <Button cls="btn" onTap={() => void erase()}>{t('erase')}</Button>
    </>
  )
}

function Pictures({ urls, at }: { urls: string[]; at: number }) {
  const t = useWords()
  const seen = useSignal() && Date.now() - at < LINKS_LIVE
  if (!urls.length) return null
  if (!seen) return <El as="p" cls="soft">{t('files_later', { count: urls.length })}</El>
  return <El cls="photos">{urls.map((url, place) => <Picture key={url} src={linked(url)} alt={t('photo_of', { number: place + 1 })} />)}</El>
}

const WHO: Record<string, 'case_by_reporter' | 'by_officer' | 'by_system'> = { reporter: 'case_by_reporter', officer: 'by_officer' }

function Conversation({ one, waiting, at }: { one: Case; waiting: Item[]; at: number }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <El as="section" cls="card" label={t('conversation')}>
      <El as="h2">{t('conversation')}</El>
      {!one.entries && <El as="p" cls="soft">{t('conversation_later')}</El>}
      {one.entries?.map((line, place) => (
        <El key={place} cls={`entry ${line.by}`}>
          <El as="p" cls="soft">{(line.at ?? '').slice(0, 10)} · {t(WHO[line.by ?? ''] ?? 'by_system')} · {label(complaintSteps, line.step ?? '', lang)}{line.internal && ` · ${t('internal')}`}</El>
          {line.text && <El as="p">{line.text}</El>}
          <Pictures urls={line.photos ?? []} at={at} />
        </El>
      ))}
      {waiting.map((item) => (
        <El key={item.id} cls="entry officer">
          <El as="p"><El as="span" cls={`chip ${item.state === 'needs_fix' ? 'void' : 'mark'}`}>{t(`s_${item.state}`)}</El> {item.title}</El>
          {item.problem && <El as="p" cls="wrong">{item.problem.message}{item.problem.hint}</El>}
        </El>
      ))}
    </El>
  )
}

const BLANK: StepDraft = { action: '', text: '', internal: false }

function Acting({ one, places, correcting, waiting, done }: { one: Case; places: Place[]; correcting: Item | undefined; waiting: Item[]; done: () => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [draft, setDraft] = useState<StepDraft>(() => ({ ...BLANK, ...(correcting?.body as Partial<StepDraft> | undefined) }))
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const [kept, setKept] = useState(false)
  const busy = useRef(false)
  const taken = waiting.filter((item) => item.id !== correcting?.id && item.body.action !== 'answer').map((item) => item.body.action)
  const steps = complaintSteps.filter((known) => one.actions.includes(known.code) && !taken.includes(known.code))
  const change = (some: Partial<StepDraft>) => { setDraft({ ...draft, ...some }); setProblem(''); setKept(false) }
  const send = async () => {
    if (busy.current) return
    const absent = lacking(draft)
    if (absent) return setProblem(t('missing', { what: t(`ask_${absent}`) }))
    busy.current = true
    const title = [label(complaintSteps, draft.action, lang), label(complaintCategories, one.category, lang)].join(' · ')
    try {
      if (correcting) await theOutbox().correct(correcting.id, { ...correcting.body, ...draft }, title)
      else await step(one.id, draft, title)
      void flush(true)
      setDraft(BLANK)
      setKept(true)
      done()
    } catch {
      setProblem(t('storage_full'))
    }
    busy.current = false
  }
  const wanted = asks(draft.action)
  const elsewhere = places.map(({ code, name }) => ({ code, zh: name, en: name }))
  if (!steps.length && !kept) return <El as="p" cls="card soft">{t('steps_none')}</El>
  return (
    <El as="section" cls="card" label={t('step')}>
      <El as="h2">{t(correcting ? 'step_correct' : 'step')}</El>
      <Choices terms={steps} value={draft.action} onPick={(action) => change({ ...BLANK, action, text: draft.text })} />
      {wanted.includes('outcome') && <><El as="h3">{t('ask_outcome')}</El><Choices terms={complaintOutcomes} value={draft.outcome ?? ''} onPick={(outcome) => change({ outcome })} /></>}
      {wanted.includes('body') && <><El as="h3">{t('ask_body')}</El><Choices terms={complaintBodies.filter((body) => !body.here)} value={draft.body ?? ''} onPick={(body) => change({ body })} /></>}
      {wanted.includes('region') && <><El as="h3">{t('ask_region')}</El><Choices terms={elsewhere} value={draft.region ?? ''} onPick={(region) => change({ region })} /></>}
      {wanted.includes('text') && <Field label={t('ask_text')} kind="long" value={draft.text} onChange={(text) => change({ text: [...text].slice(0, 2000).join('') })} max={2000} hint={t(draft.internal ? 'text_internal' : 'text_public')} />}
      {draft.action === 'answer' && <Choices terms={[{ code: 'no', zh: t('to_reporter'), en: t('to_reporter') }, { code: 'yes', zh: t('to_colleagues'), en: t('to_colleagues') }]} value={draft.internal ? 'yes' : 'no'} onPick={(code) => change({ internal: code === 'yes' })} />}
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      {draft.action && <Button cls="btn big" onTap={() => void send()}>{t('step_take')}</Button>}
      {kept && <El as="p" cls="good" live>{t('saved')}</El>}
    </El>
  )
}

export default started(CasePage)
