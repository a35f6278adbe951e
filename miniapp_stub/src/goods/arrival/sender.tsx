/** What a sender may say of a shipment: call it back before it is confirmed, agree to what was counted after. */
import { useState } from 'react'
import { answer, type Answer, type Event } from '@/services/goods'
import { Button, El, Field } from '@/ui/base'
import { useWords } from '@/words'

export function CallBack({ event }: { event: Event }) {
  const t = useWords()
  const { say, problem } = useAnswer(event)
  const [sure, setSure] = useState(false)
  return (
    <>
      {problem && <El as="p" cls="wrong stop" live>{problem}</El>}
      <Button cls="btn quiet" onTap={() => (sure ? say('cancellation', '') : setSure(true))}>{t(sure ? 'call_back_sure' : 'call_back')}</Button>
    </>
  )
}

export function Settle({ event }: { event: Event }) {
  const t = useWords()
  const { say, problem } = useAnswer(event)
  const [note, setNote] = useState('')
  return (
    <El as="section" cls="card">
      <El as="p">{t('settle_hint')}</El>
      <Field label={t('note')} value={note} onChange={setNote} max={200} />
      {problem && <El as="p" cls="wrong stop" live>{problem}</El>}
      <Button cls="btn big" onTap={() => say('settlement', note.trim())}>{t('settle')}</Button>
    </El>
  )
}

export function useAnswer(event: Event): { say: (said: Answer, note: string) => void; problem: string } {
  const t = useWords()
  const [problem, setProblem] = useState('')
  const name = event.takes.map((line) => line.product_name).join('、')
  const say = (said: Answer, note: string) => void answer(event, said, note, t(`t_${said}`, { name })).catch(() => setProblem(t('storage_full')))
  return { say, problem }
}
