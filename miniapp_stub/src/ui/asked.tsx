/** A list of questions for an officer: whom each waits for, and those that still wait on the phone. */
import Taro from '@tarojs/taro'
import { day } from '@/rules/china'
import { unsent } from '@/rules/asking'
import type { Question } from '@/services/asking'
import { useMine } from '@/services/mine'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { label } from '@/vocab'
import { questionStates } from '@/vocab_declaring'
import { useWords } from '@/words'
import { Button, El } from './base'

const CHIPS: Record<string, string> = { open: 'mark', answered: 'valid' }
const SHOWN = 44

export function Asked({ title, none, questions, producer }: { title: string; none: string; questions: readonly Question[]; producer?: string }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const items = useMine()
  const fresh = items.filter((item) => item.kind === 'question' && item.state !== 'delivered' && (!producer || item.producer === producer))
  return (
    <El as="section" cls="card" label={title}>
      <El as="h2">{title}{questions.length > 0 && ` · ${questions.length}`}</El>
      {questions.length + fresh.length === 0 && <El as="p" cls="soft">{none}</El>}
      {fresh.map((item) => <El as="p" key={item.id}><El as="span" cls={`chip ${item.state === 'needs_fix' ? 'void' : 'mark'}`}>{t(`s_${item.state}`)}</El> {item.title}</El>)}
      {questions.map((one) => (
        <Button key={one.id} cls="row" onTap={() => void Taro.navigateTo({ url: `/officer/question/index?id=${encodeURIComponent(one.id)}` })}>
          <El as="span" cls="grow">
            {!producer && <El as="span" cls="line strong">{one.producer_name}</El>}
            <El as="span" cls="line">{one.text.length > SHOWN ? `${one.text.slice(0, SHOWN)}…` : one.text}</El>
            <El as="span" cls="line soft">{t('q_since', { day: day(Date.parse(one.moved_at)) })}{unsent(items, one.id).length > 0 && ` · ${t('s_waiting')}`}</El>
          </El>
          <El as="span" cls={`chip ${CHIPS[one.state] ?? ''}`}>{label(questionStates, one.state, lang)}</El>
        </Button>
      ))}
    </El>
  )
}
