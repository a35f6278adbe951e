/** Following a report with its receipt: where it stands, the conversation, the rating, one reopening. */
import { useEffect, useState } from 'react'
import { ApiError, BASE } from '@/api/request'
import { minute } from '@/rules/china'
import { dropReceipt, follow, MOST_PHOTOS, rate, receipts, reopen, say, type Case } from '@/services/reports'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field, Picture } from '@/ui/base'
import { Page } from '@/ui/page'
import { Photos } from '@/ui/photos'
import { started } from '@/ui/started'
import { complaintBodies, complaintCategories, complaintKinds, complaintOutcomes, complaintStates, complaintSteps, label } from '@/vocab'
import { useWords } from '@/words'
import '../report/index.css'

function Follow() {
  const t = useWords()
  const kept = useStore(receipts)
  const [typed, setTyped] = useState('')
  const [receipt, setReceipt] = useState('')
  const [told, setTold] = useState<Case>()
  const [problem, setProblem] = useState('')
  useEffect(() => { void receipts.load().catch(() => undefined) }, [])
  const ask = async (wanted: string, act: () => Promise<Case>): Promise<boolean> => {
    setProblem('')
    try {
      setTold(await act())
      setReceipt(wanted)
      return true
    } catch (error) {
      setProblem(error instanceof ApiError && !error.offline ? `${error.message}${error.hint}` : t('report_lost'))
      return false
    }
  }
  const show = (wanted: string) => { if (wanted.trim()) void ask(wanted.trim(), () => follow(wanted.trim())) }
  return (
    <Page title={t('follow')}>
      {!told && (
        <El as="section" cls="card">
          <Field label={t('receipt')} value={typed} onChange={setTyped} hint={t('follow_hint')} max={64} />
          <Button cls="btn big" onTap={() => show(typed)}>{t('follow_show')}</Button>
        </El>
      )}
      {problem && <El as="p" cls="card wrong" live>{problem}</El>}
      {!told && kept.length > 0 && (
        <El as="section" cls="card">
          <El as="h2">{t('follow_kept')}</El>
          {kept.map((one) => (
            <El key={one.receipt} cls="kept-receipt">
              <Button cls="row" onTap={() => show(one.receipt)}><El as="span" cls="grow">{one.receipt}</El><El as="span" cls="soft">{one.on}</El></Button>
              <Button cls="btn quiet" label={`${t('follow_forget')} ${one.receipt}`} onTap={() => void dropReceipt(one.receipt)}>{t('follow_forget')}</Button>
            </El>
          ))}
        </El>
      )}
      {told && <Told told={told} act={(act) => ask(receipt, () => act(receipt))} />}
    </Page>
  )
}

type Act = (act: (receipt: string) => Promise<Case>) => Promise<boolean>

function Told({ told, act }: { told: Case; act: Act }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const can = (what: string) => told.actions.includes(what)
  return (
    <>
      <El as="section" cls="card">
        <El as="h2">{label(complaintStates, told.state, lang)}</El>
        <El as="p">{label(complaintKinds, told.kind, lang)} · {label(complaintCategories, told.category, lang)}</El>
        {told.due_on && <El as="p" cls={told.overdue ? 'wrong' : told.nearly ? 'hold' : 'good'}>{t('follow_due', { day: told.due_on })}{left(told, t)}</El>}
        {told.outcome && <El as="p" cls="strong">{t('follow_outcome', { outcome: label(complaintOutcomes, told.outcome, lang) })}</El>}
        {told.body && <El as="p" cls="strong">{t('follow_moved', { body: label(complaintBodies, told.body, lang) })}</El>}
        <El as="p" cls="told" lang="zh-CN">{told.text}</El>
        <Seen photos={told.photos} />
      </El>
      <El as="section" cls="card">
        <El as="h2">{t('follow_since')}</El>
        <El as="ol" cls="timeline">
          {told.entries.map((line, place) => (
            <El as="li" key={place}>
              <El as="p" cls="soft">{minute(line.at)}</El>
              <El as="p"><El as="strong">{t(line.by === 'reporter' ? 'by_reporter' : line.by === 'officer' ? 'by_officer' : 'by_system')} · {label(complaintSteps, line.step, lang)}</El></El>
              {line.text && <El as="p" cls="told" lang="zh-CN">{line.text}</El>}
              <Seen photos={line.photos} />
            </El>
          ))}
        </El>
      </El>
      {can('message') && <Message lines={told.entries.length} act={act} />}
      {can('rate') && !told.stars && <Rating act={act} />}
      {told.stars && <El as="p" cls="card">{t('follow_rated', { stars: t(`stars_${told.stars}` as 'stars_5') })}</El>}
      {can('reopen') && !told.reopened && <Again act={act} />}
    </>
  )
}

function left({ left: days, overdue }: Case, t: ReturnType<typeof useWords>): string {
  if (days === null) return ''
  return ` · ${overdue ? t('follow_late', { days: -days }) : t('follow_left', { days })}`
}

function Seen({ photos }: { photos: readonly string[] }) {
  const t = useWords()
  if (!photos.length) return null
  return <El cls="photos">{photos.map((url, place) => <Picture key={url} src={BASE + url} alt={t('photo_number', { place: place + 1 })} />)}</El>
}

function Message({ lines, act }: { lines: number; act: Act }) {
  const t = useWords()
  const [text, setText] = useState('')
  const [photos, setPhotos] = useState<string[]>([])
  const send = async () => {
    if (!text.trim()) return
    if (await act((receipt) => say(receipt, text.trim(), photos, lines))) { setText(''); setPhotos([]) }
  }
  return (
    <El as="section" cls="card">
      <Field label={t('follow_add')} kind="long" value={text} onChange={setText} max={2000} />
      <Photos photos={photos} most={MOST_PHOTOS} change={setPhotos} />
      <Button onTap={() => void send()}>{t('follow_send')}</Button>
    </El>
  )
}

function Rating({ act }: { act: Act }) {
  const t = useWords()
  const [stars, setStars] = useState(0)
  const [why, setWhy] = useState('')
  return (
    <El as="section" cls="card">
      <El as="h2">{t('follow_rate')}</El>
      <El cls="choices">{([5, 4, 3, 2, 1] as const).map((many) => <Button key={many} cls="choice" pressed={stars === many} onTap={() => setStars(many)}>{t(`stars_${many}`)}</Button>)}</El>
      <Field label={t('follow_why')} value={why} onChange={setWhy} max={500} />
      <Button disabled={!stars} onTap={() => void act((receipt) => rate(receipt, stars, why))}>{t('follow_rate_send')}</Button>
    </El>
  )
}

function Again({ act }: { act: Act }) {
  const t = useWords()
  const [text, setText] = useState('')
  return (
    <El as="section" cls="card">
      <Field label={t('follow_again')} kind="long" value={text} onChange={setText} max={2000} />
      <Button cls="btn quiet" disabled={!text.trim()} onTap={() => void act((receipt) => reopen(receipt, text.trim()))}>{t('follow_again_send')}</Button>
    </El>
  )
}

export default started(Follow, true)
