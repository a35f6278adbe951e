/** A conversation between an officer and a producer: what arrived, and what waits on the phone. */
import type { Item } from '@/outbox/rules'
import { minute } from '@/rules/china'
import { BASE } from '@/api/request'
import type { Message, Question } from '@/services/asking'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { label } from '@/vocab'
import { questionStates, questionSubjects } from '@/vocab_declaring'
import { useWords } from '@/words'
import { El, Picture } from './base'
import { useSignal } from './page'

/** Links to private photos live a quarter of an hour. */
const LINKS_LIVE = 14 * 60_000
const CHIPS: Record<string, string> = { open: 'mark', answered: 'valid' }

export interface TalkProps { one: Question; at: number; waiting: readonly Item[]; producer: string; about?: string }

/** `producer` is what the other side is called, `about` the name of what the question is about. */
export function Talk({ one, at, waiting, producer, about }: TalkProps) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <El as="section" cls="card" label={t('question')}>
      <El as="p"><El as="span" cls={`chip ${CHIPS[one.state] ?? ''}`}>{label(questionStates, one.state, lang)}</El></El>
      {one.about && <El as="p" cls="soft">{t('q_about', { kind: label(questionSubjects, one.about.kind, lang), name: about ?? '' })}</El>}
      {one.messages?.map((message) => <Said key={message.id} message={message} producer={producer} at={at} />) ?? <El cls="entry officer"><El as="p" cls="soft">{minute(one.created_at)} · {t('q_officer')}</El><El as="p" cls="told">{one.text}</El></El>}
      {waiting.map((item) => (
        <El key={item.id} cls={`entry ${item.kind === 'answer' ? 'reporter' : 'officer'}`}>
          <El as="p"><El as="span" cls={`chip ${item.state === 'needs_fix' ? 'void' : 'mark'}`}>{t(`s_${item.state}`)}</El></El>
          <El as="p" cls="told">{String(item.body.text ?? '')}</El>
          {item.problem && <El as="p" cls="wrong">{item.problem.message}{item.problem.hint}</El>}
        </El>
      ))}
    </El>
  )
}

function Said({ message, producer, at }: { message: Message; producer: string; at: number }) {
  const t = useWords()
  const seen = useSignal() && Date.now() - at < LINKS_LIVE
  const officer = message.by === 'officer'
  return (
    <El cls={`entry ${officer ? 'officer' : 'reporter'}`}>
      <El as="p" cls="soft">{minute(message.created_at)} · {officer ? t('q_officer') : producer}{message.step === 'closed' && ` · ${t('q_close')}`}</El>
      {message.text && <El as="p" cls="told">{message.text}</El>}
      {message.photos.length > 0 && (seen
        ? <El cls="photos">{message.photos.map((photo, place) => <Picture key={photo.id} src={`${BASE}${photo.thumb_url}`} alt={t('photo_of', { number: place + 1 })} />)}</El>
        : <El as="p" cls="soft">{t('files_later', { count: message.photos.length })}</El>)}
    </El>
  )
}
