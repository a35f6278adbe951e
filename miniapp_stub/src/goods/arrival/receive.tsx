/** Confirming what arrived: all of it in one tap, or line by line with the difference; or refusing it with a reason. */
import { useRef, useState } from 'react'
import { missing, wrongArrival, type ArrivedLine } from '@/rules/receiving'
import type { Item } from '@/outbox/rules'
import { correctReceipt, receive, type Event } from '@/services/goods'
import { freshId } from '@/services/outbox'
import { today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { useWords } from '@/words'
import { plain } from '@/rules/telling'
import { MuchField } from '../move/much'
import { amount } from '@/ui/goods'
import { useAnswer } from './sender'

type Way = 'all' | 'less' | 'refuse'

function linesOf(event: Event, correcting?: Item): ArrivedLine[] {
  const said = (correcting?.body.lines ?? []) as ArrivedLine[]
  return event.takes.map((line) => said.find((one) => one.lot_id === line.lot_id) ?? { lot_id: line.lot_id, client_id: freshId(), amount: plain(line.amount), unit: line.unit })
}

export function Receive({ event, correcting }: { event: Event; correcting?: Item }) {
  const t = useWords()
  const [way, setWay] = useState<Way>(correcting ? 'less' : 'all')
  const [lines, setLines] = useState(() => linesOf(event, correcting))
  const [note, setNote] = useState(String(correcting?.body.note ?? ''))
  const [problem, setProblem] = useState(correcting?.problem?.message ?? '')
  const busy = useRef(false)
  const { say, problem: full } = useAnswer(event)
  const save = async () => {
    const wrong = wrongArrival(event.takes, lines)
    if (wrong || busy.current) return setProblem(wrong ? t(wrong.word, wrong.params) : '')
    busy.current = true
    const title = t('t_receipt', { name: event.takes.map((line) => line.product_name).join('、'), amount: lines.map((line) => line.amount).join('、') })
    const arrived = { lines, happened_on: String(correcting?.body.happened_on ?? today()), note: note.trim() }
    await (correcting ? correctReceipt(correcting, arrived, title) : receive(event, arrived, title)).catch(() => setProblem(t('storage_full')))
    busy.current = false
  }
  const refuse = () => (note.trim() ? say('refusal', note.trim()) : setProblem(t('refuse_missing')))
  return (
    <El as="section" cls="card">
      {way === 'less' && <Counted event={event} lines={lines} onChange={(next) => { setLines(next); setProblem('') }} />}
      {way !== 'all' && <Field label={t(way === 'less' ? 'arrived_why' : 'refuse_why')} value={note} onChange={(text) => { setNote(text); setProblem('') }} max={200} />}
      {(problem || full) && <El as="p" cls="wrong stop" live>{problem || full}</El>}
      {way === 'all' && <Button cls="btn big" onTap={() => void save()}>{t('arrived_all')}</Button>}
      {way === 'less' && <Button cls="btn big" onTap={() => void save()}>{t('arrived_confirm')}</Button>}
      {way === 'refuse' && <Button cls="btn big danger" onTap={refuse}>{t('refuse')}</Button>}
      {way === 'all' && <El cls="pair"><Button cls="btn quiet" onTap={() => setWay('less')}>{t('arrived_less')}</Button><Button cls="btn quiet" onTap={() => setWay('refuse')}>{t('refuse')}</Button></El>}
      {way !== 'all' && !correcting && <Button cls="btn quiet" onTap={() => { setWay('all'); setLines(linesOf(event)); setProblem('') }}>{t('back')}</Button>}
    </El>
  )
}

function Counted({ event, lines, onChange }: { event: Event; lines: readonly ArrivedLine[]; onChange: (lines: ArrivedLine[]) => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const short = missing(event.takes, lines)
  return (
    <>
      {lines.map((line, place) => (
        <MuchField key={line.lot_id} text={(unit) => t('arrived_how_much', { name: event.takes[place]?.product_name ?? '', unit })} value={line} onChange={(value) => onChange(lines.map((one) => (one.lot_id === line.lot_id ? { ...one, ...value } : one)))} />
      ))}
      {short > 0 && <El as="p" cls="hold" live>{t('arrived_short', { amount: amount(short, event.takes[0]?.unit ?? 'kg', lang) })}</El>}
    </>
  )
}
