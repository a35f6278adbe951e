/** A question and its answers for an officer: reading, asking further, closing; with or without signal. */
import { useRef, useState } from 'react'
import Taro from '@tarojs/taro'
import { cut, MOST_TEXT, unsent } from '@/rules/asking'
import { producerOf, reword, sayOn, type Question } from '@/services/asking'
import { desk, dossier } from '@/services/officer'
import { Button, El, Field } from '@/ui/base'
import { useConversation } from '@/ui/conversation'
import { Freshness } from '@/ui/freshness'
import { useReading } from '@/ui/reading'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Talk } from '@/ui/talk'
import { useWords } from '@/words'

function QuestionPage() {
  const t = useWords()
  const { items, id, read, heard, again } = useConversation()
  const listed = useReading(desk(), async () => undefined).value?.questions ?? []
  const near = useReading(dossier(producerOf(id)), async () => undefined).value
  const one = read?.one ?? [...listed, ...(near?.questions ?? [])].find((known) => known.id === id)
  if (!one) return <Page title={t('q_ask')}><El as="p" cls="card" live>{t(heard === 'asking' ? 'loading' : heard === 'refused' ? 'q_gone' : 'q_never')}</El></Page>
  const waiting = unsent(items, id)
  const about = near?.batches.find(({ batch }) => batch.id === one.about?.id)?.batch.product_name
  const closing = waiting.some((known) => known.path?.endsWith('/closing'))
  return (
    <Page title={t('q_ask')}>
      {read && <Freshness heard={heard} at={read.at} />}
      <El as="p" cls="lead">{one.producer_name}</El>
      <Talk one={one} at={read?.at ?? 0} waiting={waiting.filter((known) => known.id !== again.refused)} producer={one.producer_name} about={about} />
      {!closing && <GoOn key={again.refused ?? 'new'} one={one} {...again} />}
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/officer/producer/index?id=${one.producer_id}` })}>{t('see_producer')}</Button>
    </Page>
  )
}

function GoOn({ one, refused, text: before, problem: why, done }: { one: Question; refused: string | undefined; text: string; problem: string | undefined; done: () => void }) {
  const t = useWords()
  const [text, setText] = useState(before)
  const [problem, setProblem] = useState(why ?? '')
  const [sure, setSure] = useState(false)
  const busy = useRef(false)
  const go = async (how: 'messages' | 'closing') => {
    if (busy.current) return
    const words = text.trim()
    if (how === 'messages' && !words) return setProblem(t('missing', { what: t('q_again') }))
    if (how === 'closing' && !sure) return setSure(true)
    busy.current = true
    const short = (words || one.text).slice(0, 20)
    const title = how === 'closing' ? t('q_title_close', { text: short }) : t('q_title_ask', { producer: one.producer_name, text: short })
    try {
      await (refused ? reword(refused, words, title) : sayOn(one.id, how, words, title))
      setText('')
      setSure(false)
      done()
    } catch {
      setProblem(t('storage_full'))
    }
    busy.current = false
  }
  return (
    <El as="section" cls="card" label={t('q_step')}>
      <Field label={t('q_again')} kind="long" value={text} onChange={(words) => { setText(cut(words)); setProblem('') }} max={MOST_TEXT} />
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      <Button onTap={() => void go('messages')}>{t('q_ask_send')}</Button>
      {one.state !== 'closed' && !refused && <Button cls="btn quiet" onTap={() => void go('closing')}>{t(sure ? 'q_close_sure' : 'q_close')}</Button>}
    </El>
  )
}

export default started(QuestionPage)
