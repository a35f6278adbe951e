/** Taking a certificate back: why, and twice sure. */
import { useState } from 'react'
import { ApiError } from '@/api/request'
import { voided, type Certificate } from '@/services/certificates'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { useWords } from '@/words'
import { voidReasons } from '../terms'

const OWN = ['wrong_entry', 'not_sold', 'label_misused', 'test_failed', 'other'] // the rest are an authority’s reasons

export function Void({ one }: { one: Certificate }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [open, setOpen] = useState(false)
  const [sure, setSure] = useState(false)
  const [busy, setBusy] = useState(false)
  const [reason, setReason] = useState('')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState('')
  const go = async () => {
    if (!reason) return setProblem(t('void_pick'))
    if (!sure) return setSure(true)
    setBusy(true)
    try {
      await voided(one.id, reason, note.trim())
    } catch (error) {
      setProblem(error instanceof ApiError && !error.offline ? `${error.message}${error.hint}` : t('void_failed'))
      setBusy(false)
    }
  }
  if (!open) return <Button cls="btn quiet danger" onTap={() => setOpen(true)}>{t('void_this')}</Button>
  return (
    <El as="section" cls="card" label={t('void_this')}>
      <El as="h2">{t('void_why')}</El>
      <El cls="choices">{voidReasons.filter((term) => OWN.includes(term.code)).map((term) => (
        <Button key={term.code} cls="choice" pressed={reason === term.code} onTap={() => { setReason(term.code); setSure(false); setProblem('') }}>{term[lang]}</Button>
      ))}</El>
      <Field label={t('void_note')} kind="long" value={note} onChange={(text) => setNote([...text].slice(0, 200).join(''))} max={200} />
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      <Button disabled={busy} cls="btn danger" onTap={() => void go()}>{t(sure ? 'void_sure' : 'void_now')}</Button>
    </El>
  )
}
