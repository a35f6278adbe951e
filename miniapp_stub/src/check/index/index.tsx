/** Checks a signature on the phone itself: scanned, pasted, or brought along by a trace, a certificate or a record. */
import { useEffect, useState } from 'react'
import { useRouter } from '@tarojs/taro'
import { minute } from '@/rules/china'
import { answer, chosen, found, keptLists, openLists, type Answer, type Asked, type Found } from '@/services/check'
import { now } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { readPack } from '@/ui/platform'
import { useBook, useWords } from '@/words'
import { check } from '@/words/check'
import { aged } from './age'
import { Paper } from './paper'
import { Records } from './records'
import { Banner } from './parts'
import './index.css'

type Heard = 'asking' | 'fresh' | 'offline'

function Check() {
  const s = useBook(check)
  const { code, record, said } = useRouter().params
  const [asked, setAsked] = useState<Asked | undefined>(code || record || said ? { code, record: record && decodeURIComponent(record), text: said } : undefined)
  const heard = useLists()
  const outcome = useAnswer(asked, heard)
  return (
    <Page title={s('check_title')}>
      <Lists heard={heard} />
      {asked && !outcome && <El as="p" cls="lead" live>{s('check_busy')}</El>}
      {outcome?.kind === 'told' && <Banner word={outcome.word} grave="unsure" />}
      {outcome?.kind === 'paper' && outcome.keptAt !== undefined && <El as="p" cls="strip">{s('check_kept', { at: minute(outcome.keptAt) })}</El>}
      {outcome?.kind === 'paper' && <Paper one={outcome.checked} />}
      {outcome?.kind === 'records' && <Records records={outcome.records} />}
      <Give again={!!asked} onGive={(text) => setAsked({ text })} />
    </Page>
  )
}

/** The lists as they are kept, then as the platform has them now. */
function useLists(): Heard {
  const [heard, setHeard] = useState<Heard>('asking')
  useEffect(() => { void openLists().catch(() => false).then((fresh) => setHeard(fresh ? 'fresh' : 'offline')) }, [])
  return heard
}

/** Found once, checked with the kept lists at once and again with the renewed ones. */
function useAnswer(asked: Asked | undefined, heard: Heard): Answer | undefined {
  const known = !!useStore(keptLists).keys
  const [one, setOne] = useState<Found>()
  const [outcome, setOutcome] = useState<Answer>()
  useEffect(() => {
    setOne(undefined)
    setOutcome(undefined)
    if (asked) void found(asked).catch((): Found => ({ word: 'unreachable' })).then(setOne)
  }, [asked])
  useEffect(() => {
    let current = true
    if (one && (known || heard !== 'asking')) void answer(one).then((said) => { if (current) setOutcome(said) })
    return () => { current = false }
  }, [one, known, heard])
  return outcome
}

function Lists({ heard }: { heard: Heard }) {
  const s = useBook(check)
  const { keys, at } = useStore(keptLists)
  if (heard === 'asking' || heard === 'fresh') return null
  return <El as="p" cls="strip" live>{keys ? s('check_lists_old', { age: aged(now() - at, s) }) : s('check_lists_none')}</El>
}

/** The three ways to give something: the scanner, a photo, and what was copied. */
function Give({ again, onGive }: { again: boolean; onGive: (text: string) => void }) {
  const s = useBook(check)
  const t = useWords()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  const scan = async () => {
    setProblem('')
    const texts = await readPack().catch(() => null)
    if (texts === null) return setProblem(s('check_no_eye'))
    const text = texts && chosen(texts)
    if (text) onGive(text)
    else if (texts) setProblem(s('check_no_code'))
  }
  const give = () => (typed.trim() ? onGive(typed) : setProblem(t('missing', { what: s('check_paste') })))
  return (
    <El as="section" cls="card" label={s(again ? 'check_another' : 'check_title')}>
      {again ? <El as="h2">{s('check_another')}</El> : <El as="p" cls="lead">{s('check_lead')}</El>}
      <Button cls={again ? 'btn quiet' : 'btn big'} onTap={() => void scan()}>{s('check_scan')}</Button>
      <Field label={s('check_paste')} kind="long" value={typed} onChange={setTyped} max={200_000} />
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      <Button cls="btn quiet" onTap={give}>{s('check_do')}</Button>
    </El>
  )
}

export default started(Check, true)
