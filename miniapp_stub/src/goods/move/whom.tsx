/** To whom goods go: sent to before, found by the code they gave, or a name outside the platform. */
import { useState } from 'react'
import { ApiError } from '@/api/request'
import type { Move } from '@/rules/moving'
import { findRecipient, partners } from '@/services/goods'
import { useStore } from '@/state/store'
import { Button, El, Field, Fold } from '@/ui/base'
import { useWords } from '@/words'

type Change = (some: Partial<Move>) => void

export function Whom({ move, change }: { move: Move; change: Change }) {
  const t = useWords()
  const before = useStore(partners())
  if (move.to) {
    return (
      <>
        <El as="p" cls="picked"><El as="strong">{t('whom_chosen', { name: move.to.name })}</El></El>
        <Button cls="btn quiet" onTap={() => change({ to: undefined })}>{t('whom_other')}</Button>
      </>
    )
  }
  return (
    <>
      <El as="h3">{t('to_whom')}</El>
      {before.length > 0 && <El as="p" cls="soft">{t('sent_before')}</El>}
      {before.length > 0 && (
        <El cls="choices">{before.map((one) => (
          <Button key={one.id ?? one.name} cls="choice" pressed={!one.id && move.partner === one.name} onTap={() => change(one.id ? { to: { id: one.id, name: one.name }, partner: '' } : { partner: one.name })}>{one.name}</Button>
        ))}</El>
      )}
      <ByCode change={change} />
      <Fold summary={t('by_name')}><Field label={t('by_name')} value={move.partner} onChange={(partner) => change({ partner })} hint={t('by_name_hint')} max={80} /></Fold>
    </>
  )
}

function ByCode({ change }: { change: Change }) {
  const t = useWords()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState('')
  const find = async () => {
    if (!code.trim()) return
    try {
      const found = await findRecipient(code)
      change({ to: { id: found.producer_id, name: found.name }, partner: '' })
    } catch (error) {
      setProblem(t(error instanceof ApiError && error.status === 404 ? 'find_none' : 'find_signal'))
    }
  }
  return (
    <>
      <Field label={t('by_code')} value={code} onChange={(typed) => { setCode(typed); setProblem('') }} hint={t('by_code_hint')} error={problem} max={20} />
      <Button cls="btn quiet" onTap={() => void find()}>{t('find_whom')}</Button>
    </>
  )
}
