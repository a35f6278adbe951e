/** An officer's question and one's answer, with photos, with or without signal. */
import { useRef, useState } from 'react'
import { cut, MOST_ANSWER_PHOTOS, MOST_TEXT, unsent } from '@/rules/asking'
import { answer, producerOf, reword } from '@/services/asking'
import { farm } from '@/services/farming'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { useConversation } from '@/ui/conversation'
import { Photos } from '@/ui/photos'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Talk } from '@/ui/talk'
import { useWords } from '@/words'
import { useFresh } from '../fresh'

function Question() {
  const t = useWords()
  const { account, items, id, read, heard, again } = useConversation()
  const ready = useFresh()
  const kept = useStore(farm(producerOf(id)))
  const one = read?.one ?? kept?.questions?.find((known) => known.id === id)
  if (!one) return <Page title={t('question')}><El as="p" cls="card" live>{t(!account ? 'nobody' : heard === 'asking' || !ready ? 'loading' : heard === 'refused' ? 'q_gone' : 'q_never')}</El></Page>
  const about = kept?.batches.find((batch) => batch.id === one.about?.id)?.product_name
  const waiting = unsent(items, id)
  const mine = one.messages?.some((message) => message.by === 'producer') || waiting.length > 0
  return (
    <Page title={t('question')}>
      <Talk one={one} at={read?.at ?? 0} waiting={waiting.filter((known) => known.id !== again.refused)} producer={t('q_you')} about={about} />
      {one.state === 'closed' && !again.refused
        ? <El as="p" cls="card soft">{t('q_closed_here')}</El>
        : <Answering key={again.refused ?? 'new'} id={id} first={!mine} {...again} />}
    </Page>
  )
}

function Answering({ id, first, refused, text: before, problem: why, done }: { id: string; first: boolean; refused: string | undefined; text: string; problem: string | undefined; done: () => void }) {
  const t = useWords()
  const [text, setText] = useState(before)
  const [photos, setPhotos] = useState<string[]>([])
  const [problem, setProblem] = useState(why ?? '')
  const [kept, setKept] = useState(false)
  const busy = useRef(false)
  const send = async () => {
    if (busy.current) return
    if (!text.trim()) return setProblem(t('missing', { what: t('q_your_answer') }))
    busy.current = true
    const title = t('q_title_answer', { text: text.trim().slice(0, 20) })
    try {
      await (refused ? reword(refused, text.trim(), title) : answer(id, text.trim(), photos, title))
      setText('')
      setPhotos([])
      setKept(true)
      done()
    } catch {
      setProblem(t('storage_full'))
    }
    busy.current = false
  }
  const name = t(first ? 'q_your_answer' : 'q_more')
  return (
    <El as="section" cls="card" label={name}>
      <El as="h2">{name}</El>
      <Field label={t('q_your_answer')} kind="long" value={text} onChange={(words) => { setText(cut(words)); setProblem(''); setKept(false) }} max={MOST_TEXT} hint={t('q_answer_hint')} />
      {!refused && <Photos photos={photos} most={MOST_ANSWER_PHOTOS} change={setPhotos} />}
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      <Button cls="btn big" onTap={() => void send()}>{t('q_send')}</Button>
      {kept && <El as="p" cls="good" live>{t('saved')}</El>}
    </El>
  )
}

export default started(Question)
