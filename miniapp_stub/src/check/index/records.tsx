/** What is to be said of records of the register: of each its verdict, what was registered, and its way to the root. */
import { minute } from '@/rules/china'
import type { CheckedRecord, RecordVerdict } from '@/rules/proof/check'
import type { Grave } from '@/rules/proof/verdict'
import { El } from '@/ui/base'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { label, recordKinds } from '@/vocab'
import { useBook } from '@/words'
import { check } from '@/words/check'
import { Banner, Register, Rows, type Row } from './parts'

const GRAVE: Record<RecordVerdict, Grave> = { good: 'good', hidden: 'unsure', unsealed: 'unsure', altered: 'bad', misplaced: 'bad' }
const KINDS = { 'farming.record': 'v_kind_record', 'farming.amendment': 'v_kind_amendment', 'farming.photo': 'v_kind_photo' } as const

export function Records({ records }: { records: readonly CheckedRecord[] }) {
  return <>{records.map((one, place) => <One key={place} one={one} />)}</>
}

function One({ one }: { one: CheckedRecord }) {
  return (
    <>
      <Banner word={`record_${one.verdict}`} grave={GRAVE[one.verdict]} values={{ by: one.place?.head?.at === undefined ? '—' : minute(one.place.head.at) }} />
      {one.said && one.verdict !== 'misplaced' && <Said kind={one.kind ?? ''} said={one.said} />}
      {one.place && <Register place={one.place} />}
    </>
  )
}

/** The few things a person knows the record by; all else is bound as well, and is in the record itself. */
function Said({ kind, said }: { kind: string; said: Record<string, unknown> }) {
  const s = useBook(check)
  const { lang } = useStore(settings)
  const known = Object.entries(KINDS).find(([name]) => name === kind)?.[1]
  const text = (name: string) => (typeof said[name] === 'string' ? said[name] : '')
  const inputs = Array.isArray(said.inputs) ? said.inputs.map((one: { name?: string; amount?: string }) => one.name ?? '').filter(Boolean).join(' ') : ''
  const rows: Row[] = [
    { name: s('check_kind'), value: known ? s(known) : kind },
    { name: s('check_said'), value: [text('happened_on'), text('kind') && label(recordKinds, text('kind'), lang)].filter(Boolean).join(' · ') },
    { name: s('check_used'), value: inputs, lang: 'zh-CN' },
    { name: s('check_note'), value: text('note') || text('amend_reason'), lang: 'zh-CN' },
  ]
  return <El as="section" cls="card"><Rows rows={rows.filter((row) => row.value)} /></El>
}
