/** An officer asks a producer something, perhaps about one of its batches; with or without signal. */
import { useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { cut, MOST_TEXT } from '@/rules/asking'
import { ask, reword } from '@/services/asking'
import { desk, dossier } from '@/services/officer'
import { theOutbox } from '@/services/outbox'
import { Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { goBack } from '@/ui/leaving'
import { useReading } from '@/ui/reading'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'

function Ask() {
  const { producer: given = '', item = '' } = useRouter().params
  const t = useWords()
  const correcting = theOutbox().list().find((one) => one.id === item)
  const producer = correcting?.producer ?? given
  const batches = useReading(dossier(producer), async () => undefined).value?.batches ?? []
  const known = useReading(desk(), async () => undefined).value?.producers.find((one) => one.id === producer)
  const [text, setText] = useState(String(correcting?.body.text ?? ''))
  const [batch, setBatch] = useState('')
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const busy = useRef(false)
  const send = async () => {
    if (busy.current) return
    if (!text.trim()) return setProblem(t('missing', { what: t('q_ask_text') }))
    busy.current = true
    const title = t('q_title_ask', { producer: known?.name ?? '', text: text.trim().slice(0, 20) })
    try {
      await (correcting ? reword(correcting.id, text.trim(), title) : ask(producer, text.trim(), batch, title))
      await Taro.showToast({ title: t('saved'), icon: 'none', duration: 2500 })
      await goBack(`/officer/producer/index?id=${producer}`)
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  const about = [{ code: '', zh: t('q_about_none'), en: t('q_about_none') }, ...batches.map(({ batch: one }) => ({ code: one.id, zh: `${one.product_name} ${one.started_on}`, en: `${one.product_name} ${one.started_on}` }))]
  return (
    <Page title={t('q_ask')}>
      <El as="section" cls="card" label={t('q_ask')}>
        {known && <El as="h2">{t('q_ask_title', { producer: known.name })}</El>}
        {!correcting && batches.length > 0 && <><El as="h3">{t('q_about_what')}</El><Choices label={t('q_about_what')} terms={about} value={batch} onPick={setBatch} /></>}
        <Field label={t('q_ask_text')} kind="long" value={text} onChange={(words) => { setText(cut(words)); setProblem('') }} max={MOST_TEXT} hint={t('q_ask_hint')} />
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        <Button cls="btn big" onTap={() => void send()}>{t('q_ask_send')}</Button>
      </El>
    </Page>
  )
}

export default started(Ask)
