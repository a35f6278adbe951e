/** An input nobody knows: it is stopped here, for the gate will refuse it. What was really used is recorded all the same, by a second tap. */
import { useState } from 'react'
import { ApiError } from '@/api/request'
import { judged, timed } from '@/rules/inputs'
import type { Draft } from '@/rules/records'
import { numbered, type Used } from '@/services/farming'
import { Button, El, Field } from '@/ui/base'
import { useWords, type Say } from '@/words'

/** Whether the phone knows nothing of it, in a deed where that matters (农药管理条例 art. 34). Bans are looked for elsewhere. */
export function unsure(one: Used, kinds: readonly string[]): boolean {
  return timed(kinds) && judged(one, '', '', []).kind === 'unknown'
}

/** What the note says of inputs that nobody knows and that were used all the same. */
export function confirmed(t: Say, draft: Draft): string[] {
  return draft.inputs.filter((one) => one.sure).map(({ name, registration_no: number }) => (number ? t('number_noted', { name, number }) : t('unknown_noted', { name })))
}

interface UnknownProps { used: Used; kinds: readonly string[]; set: (some: Partial<Used>) => void; swap: (one: Used) => void; other: () => void }

export function Unknown({ used, kinds, set, swap, other }: UnknownProps) {
  const t = useWords()
  const [asking, setAsking] = useState(false)
  const number = used.registration_no
  if (used.sure) return <El as="p" cls="stop wrong" live>{t('unknown_told')}</El>
  const confirm = () => (asking ? set({ sure: true }) : setAsking(true))
  return (
    <El as="section" cls="stop unknown" label={t('unknown_input', { name: used.name })}>
      <El as="p" cls="strong wrong" live>{t('unknown_input', { name: used.name })}</El>
      <El as="p">{number ? t('unknown_number_why', { number }) : t('unknown_why')}</El>
      <Button cls="btn quiet" onTap={other}>{t('unknown_choose')}</Button>
      <Numbered used={used} kinds={kinds} set={set} swap={swap} />
      <Button cls={asking ? 'btn danger' : 'btn quiet'} onTap={confirm}>{t(asking ? 'unknown_used_sure' : 'unknown_used')}</Button>
    </El>
  )
}

/** The number on the pack: found, it is that input; without signal it is kept, and the platform looks when the record arrives. */
function Numbered({ used, kinds, set, swap }: Omit<UnknownProps, 'other'>) {
  const t = useWords()
  const [typed, setTyped] = useState(used.registration_no ?? '')
  const [told, setTold] = useState('')
  const number = typed.replace(/\s/g, '').toUpperCase()
  const look = async () => {
    if (!number) return setTold(t('missing', { what: t('unknown_number') }))
    try {
      const found = await numbered(number)
      if (!found) return setTold(t('unknown_none'))
      if (found.kind && !kinds.includes(found.kind)) return setTold(t('unknown_other_kind', { name: found.name }))
      swap(found)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (!error.offline) return setTold(`${error.message}${error.hint}`)
      setTold(t('unknown_no_signal'))
      set({ registration_no: number })
    }
  }
  return (
    <>
      <Field label={t('unknown_number')} value={typed} onChange={(text) => { setTyped(text); setTold('') }} error={told} max={40} />
      <Button cls="btn quiet" onTap={() => void look()}>{t('unknown_look')}</Button>
    </>
  )
}
