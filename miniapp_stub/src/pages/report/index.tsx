/** Reporting a problem in a minute: what, where, who; the receipt; and nothing left on the phone unless wished. */
import { useEffect, useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { ApiError } from '@/api/request'
import { normal } from '@/rules/codes'
import { forgetDraft, keepDraft, keptDraft, Filing, MOST_PHOTOS, MOST_TEXT, unnoted, type Draft, type Filed } from '@/services/reports'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Box, Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { attempt, tell } from '@/ui/failing'
import { Page } from '@/ui/page'
import { Photos } from '@/ui/photos'
import { started } from '@/ui/started'
import { complaintCategories, complaintIdentities, complaintKinds } from '@/vocab'
import { useWords } from '@/words'
import { PlaceChooser, said, Standing, type Here } from './place'
import { Receipt } from './receipt'
import './index.css'

const EMPTY: Draft = { kind: 'lead', category: '', identity: 'anonymous', text: '', region: '', place: '', trace_code: '', contact: '' }

function Report() {
  const t = useWords()
  const [filed, setFiled] = useState<Filed | undefined>(unnoted.filed)
  useEffect(() => () => {
    // The person went back without having noted it: it is shown again, because nothing else ever shows it.
    if (unnoted.filed) void Taro.navigateTo({ url: '/pages/report/index' })
  }, [])
  return (
    <Page title={filed ? t('report_done') : t('report')}>
      {filed ? <Receipt filed={filed} onNoted={() => undefined} /> : <Form onFiled={(one) => { unnoted.filed = one; setFiled(one) }} />}
    </Page>
  )
}

function Form({ onFiled }: { onFiled: (filed: Filed) => void }) {
  const t = useWords()
  const filing = useRef(new Filing())
  const code = normal(useRouter().params.trace ?? '')
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, trace_code: code })
  const [photos, setPhotos] = useState<string[]>([])
  const [here, setHere] = useState<Here>()
  const [keeping, setKeeping] = useState(false)
  const [problem, setProblem] = useState('')
  const [full, setFull] = useState(false)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    filing.current.begin()
    void keptDraft().then((kept) => { if (kept) { setDraft({ ...kept, trace_code: code || kept.trace_code }); setKeeping(true) } })
  }, [])
  const change = (some: Partial<Draft>) => {
    const next = { ...draft, ...some }
    setDraft(next)
    setProblem('')
    if (keeping) remember(next)
  }
  /** What could not be kept is said once and unticked: the page itself still holds it. */
  const remember = (next: Draft) => {
    void keepDraft(next).then(() => setFull(false), () => { setFull(true); setKeeping(false) })
  }
  const keep = () => {
    setKeeping(!keeping)
    setFull(false)
    if (keeping) attempt(forgetDraft())
    else remember(draft)
  }
  const send = async () => {
    const absent = !draft.category ? 'report_about' : !draft.text.trim() ? 'report_text' : !draft.region ? 'report_where' : draft.identity !== 'anonymous' && !draft.contact.trim() ? 'report_contact' : undefined
    if (absent) return setProblem(t('missing', { what: t(absent) }))
    if ([...draft.text.trim()].length < 5) return setProblem(t('report_text_short'))
    setBusy(true)
    try {
      const place = [draft.place.trim(), here && t('place_said', said(here))].filter(Boolean).join('；').slice(0, 200)
      const filed = await filing.current.send({ ...draft, text: draft.text.trim(), place }, photos)
      await forgetDraft().catch((error: unknown) => tell(error)) // filed it is, whatever the phone can still erase
      onFiled(filed)
    } catch (error) {
      setProblem(error instanceof ApiError && !error.offline ? `${error.message}${error.hint}` : t('report_lost'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <El as="p" cls="soft">{t('report_lead')}</El>
      <El as="section" cls="card">
        <El as="h2">{t('report_want')}</El>
        <Explained terms={complaintKinds} value={draft.kind} onPick={(kind) => change({ kind })} />
        <El as="h2">{t('report_about')}</El>
        <Choices terms={complaintCategories} value={draft.category} onPick={(category) => change({ category })} />
      </El>
      <El as="section" cls="card">
        <Words draft={draft} change={change} />
        <El as="h2">{t('report_photos', { most: MOST_PHOTOS })}</El>
        <Photos photos={photos} most={MOST_PHOTOS} change={setPhotos} />
        <El as="p" cls="soft">{t('report_photos_hint')}</El>
      </El>
      <El as="section" cls="card">
        <El as="h2">{t('report_where')}</El>
        <PlaceChooser region={draft.region} onPick={(region) => change({ region })} />
        <Field label={t('place_exact')} value={draft.place} onChange={(place) => change({ place })} max={120} />
        <Standing here={here} onChange={setHere} />
        <Field label={t('report_code')} value={draft.trace_code} onChange={(trace_code) => change({ trace_code })} max={40} />
      </El>
      <El as="section" cls="card">
        <El as="h2">{t('report_name')}</El>
        <Explained terms={complaintIdentities} value={draft.identity} onPick={(identity) => change({ identity })} />
        {draft.identity !== 'anonymous' && <Field label={t('report_contact')} value={draft.contact} onChange={(contact) => change({ contact })} hint={t('report_contact_hint')} max={100} />}
      </El>
      {problem && <El as="p" cls="card wrong" live>{problem}</El>}
      <Button cls="btn big" disabled={busy} onTap={() => void send()}>{t(busy ? 'report_sending' : 'report_send')}</Button>
      <Button cls="choice tick" pressed={keeping} onTap={keep}><Box on={keeping} />{t('report_keep_draft')}</Button>
      {full && <El as="p" cls="wrong stop" live>{t('draft_full')}</El>}
      <El as="p" cls="soft">{t('report_keep_hint')}</El>
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/pages/follow/index' })}>{t('follow_have')}</Button>
    </>
  )
}

/** What happened; a text that is too long keeps what fits and says so. */
function Words({ draft, change }: { draft: Draft; change: (some: Partial<Draft>) => void }) {
  const t = useWords()
  const [long, setLong] = useState(false)
  const typed = (text: string) => {
    const letters = [...text]
    setLong(letters.length > MOST_TEXT)
    change({ text: letters.slice(0, MOST_TEXT).join('') })
  }
  return <Field label={t('report_text')} kind="long" value={draft.text} onChange={typed} hint={t('report_text_hint')} error={long ? t('report_text_long') : undefined} max={20_000} />
}

interface Explain { code: string; zh: string; en: string; explain_zh: string; explain_en: string }

/** Choices that say what each means, one below the other. */
function Explained({ terms, value, onPick }: { terms: readonly Explain[]; value: string; onPick: (code: string) => void }) {
  const { lang } = useStore(settings)
  return (
    <El cls="explained-choices">
      {terms.map((one) => (
        <Button key={one.code} cls="choice wide" pressed={value === one.code} onTap={() => onPick(one.code)}>
          <El as="strong">{one[lang]}</El>
          <El as="span" cls="why">{lang === 'en' ? one.explain_en : one.explain_zh}</El>
        </Button>
      ))}
    </El>
  )
}

export default started(Report, true)
