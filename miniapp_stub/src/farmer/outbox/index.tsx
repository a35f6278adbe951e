/** What was written on this phone and what became of it: honest states, correcting, conflicts side by side, export. */
import { useEffect, useState } from 'react'
import Taro from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { amend, stored } from '@/services/farming'
import { exported, flush, theOutbox, useOutbox } from '@/services/outbox'
import { session } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { saveText } from '@/ui/platform'
import { useWords } from '@/words'

/** Where what was rejected is corrected. */
const CORRECTED: Partial<Record<Item['kind'], string>> = { record: '/farmer/record/index', visit: '/officer/visit/index', complaint_step: '/officer/case/index' }
const CHIPS: Record<Item['state'], string> = { waiting: 'mark', sending: 'lab', delivered: 'valid', needs_fix: 'void', conflict: 'void' }

function OutboxPage() {
  const t = useWords()
  const known = useStore(session)
  const items = useOutbox()
  const mine = items.filter((item) => !known || item.owner === known.accountId)
  return (
    <Page title={t('outbox')}>
      {!known && <El as="p" cls="card">{t('nobody')}</El>}
      {mine.length === 0 && <El as="p" cls="card soft">{t('outbox_none')}</El>}
      {mine.map((item) => <Line key={item.id} item={item} />)}
      <El cls="pair">
        <Button onTap={() => void flush(true)}>{t('send_now')}</Button>
        <Button cls="btn quiet" onTap={() => saveText(`longtrace-${new Date().toISOString().slice(0, 10)}.json`, exported(items))}>{t('export')}</Button>
      </El>
    </Page>
  )
}

function Line({ item }: { item: Item }) {
  const t = useWords()
  const [sure, setSure] = useState(false)
  const open = item.state === 'needs_fix'
  return (
    <El as="section" cls="card" label={item.title}>
      <El as="p"><El as="strong">{item.title}</El> <El as="span" cls={`chip ${CHIPS[item.state]}`}>{t(`s_${item.state}`)}</El></El>
      <El as="p" cls="soft">{String(item.body.happened_on ?? item.body.started_on ?? item.body.visited_on ?? item.body.text ?? '')}</El>
      {item.problem && <El as="p" cls="wrong">{item.problem.message}{item.problem.hint}</El>}
      {open && CORRECTED[item.kind] && <Button onTap={() => void Taro.navigateTo({ url: `${CORRECTED[item.kind]}?item=${item.id}` })}>{t('correct')}</Button>}
      {open && <Button cls="btn quiet" onTap={() => (sure ? void theOutbox().giveUp(item.id) : setSure(true))}>{t(sure ? 'give_up_sure' : 'give_up')}</Button>}
      {item.state === 'conflict' && <Conflict item={item} />}
    </El>
  )
}

const SHOWN = ['kind', 'happened_on', 'target', 'amount', 'unit', 'note'] as const

function Conflict({ item }: { item: Item }) {
  const t = useWords()
  const [there, setThere] = useState<Record<string, unknown>>()
  useEffect(() => { void stored(String(item.body.batch_id), item.id).then(setThere) }, [item.id])
  const told = (body: Record<string, unknown>) => SHOWN.filter((name) => body[name]).map((name) => <El as="p" key={name}>{String(body[name])}</El>)
  return (
    <>
      <El cls="pair">
        <El as="section" label={t('here')}><El as="h3">{t('here')}</El>{told(item.body)}</El>
        <El as="section" label={t('there')}><El as="h3">{t('there')}</El>{there && told(there)}</El>
      </El>
      <Button onTap={() => void amend(item.body, t('keep_here'), item.title).then(() => theOutbox().giveUp(item.id))}>{t('keep_here')}</Button>
      <Button cls="btn quiet" onTap={() => void theOutbox().giveUp(item.id)}>{t('keep_there')}</Button>
    </>
  )
}

export default started(OutboxPage)
