/** What was written on this phone and what became of it: honest states, correcting, conflicts side by side, export. */
import { useEffect, useRef, useState } from 'react'
import Taro from '@tarojs/taro'
import { strangers, type Item } from '@/outbox/rules'
import { compared, lines } from '@/rules/telling'
import { amend, stored, type Written } from '@/services/log'
import { exported, flush, theOutbox, useOutbox } from '@/services/outbox'
import { session, today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { attempt } from '@/ui/failing'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { CHIPS } from '@/ui/states'
import { saveText } from '@/ui/platform'
import { useWords, type Say } from '@/words'
import { useFresh } from '../fresh'
import { Told, useNames } from '../told'

const ORDER: Item['state'][] = ['conflict', 'needs_fix', 'sending', 'waiting', 'delivered']
const MOST_DELIVERED = 30
/** Where a kind is corrected; the others have a reason, and can be sent again or given up. */
const FORMS: Partial<Record<Item['kind'], string>> = {
  record: '/farmer/record/index', batch: '/farmer/batch/index', site: '/farmer/site/index', purchase: '/farmer/buy/index',
  move: '/goods/move/index', receipt: '/goods/arrival/index', intake: '/goods/intake/index', proof: '/goods/intake/index', declaration: '/farmer/declare/index', answer: '/farmer/question/index',
  visit: '/officer/visit/index', complaint_step: '/officer/case/index', question: '/officer/ask/index', question_step: '/officer/question/index',
}

function OutboxPage() {
  const t = useWords()
  const known = useStore(session)
  const items = useOutbox()
  useFresh()
  const mine = items.filter((item) => item.owner === known?.accountId)
  const delivered = mine.filter((item) => item.state === 'delivered')
  const shown = ORDER.flatMap((state) => (state === 'delivered' ? delivered.slice(0, MOST_DELIVERED) : mine.filter((item) => item.state === state)))
  return (
    <Page title={t('outbox')}>
      {!known && <El as="p" cls="card">{t('nobody')}</El>}
      <Others items={items} />
      {known && mine.length === 0 && <El as="p" cls="card soft">{t('outbox_none')}</El>}
      {(known ? shown : items.filter((item) => item.state !== 'delivered')).map((item) => <Line key={item.id} item={item} mine={item.owner === known?.accountId} />)}
      {delivered.length > MOST_DELIVERED && <El as="p" cls="soft">{t('older_delivered', { count: delivered.length - MOST_DELIVERED })}</El>}
      {(known ? mine : items).length > 0 && (
        <El cls="pair">
          <Button onTap={() => attempt(flush(true))}>{t('send_now')}</Button>
          <Button cls="btn quiet" onTap={() => attempt(exported(known ? mine : items).then((text) => saveText(`longtrace-${today()}.json`, text)))}>{t('export')}</Button>
        </El>
      )}
    </Page>
  )
}

/** What another login on this phone left behind: it waits for them, unless it is for a producer one works for too. */
function Others({ items }: { items: readonly Item[] }) {
  const t = useWords()
  const known = useStore(session)
  const [sure, setSure] = useState(false)
  if (!known) return null
  const producers = known.producers.map((one) => one.id)
  const left = strangers(items, known.accountId, producers)
  const foreign = items.filter((item) => item.owner !== known.accountId && item.state !== 'delivered').length - left.length
  const take = () => (sure ? attempt(theOutbox().adopt(known.accountId, producers).then(() => flush(true))) : setSure(true))
  return (
    <>
      {left.length > 0 && (
        <El as="section" cls="card" label={t('left_behind', { count: left.length })}>
          <El as="p">{t('left_behind', { count: left.length })}</El>
          <Button onTap={take}>{t(sure ? 'take_over_sure' : 'take_over')}</Button>
        </El>
      )}
      {foreign > 0 && <El as="p" cls="card soft">{t('of_others', { count: foreign })}</El>}
    </>
  )
}

function Line({ item, mine }: { item: Item; mine: boolean }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const names = useNames()
  const open = mine && item.state === 'needs_fix'
  return (
    <El as="section" cls="card" label={item.title}>
      <El as="p"><El as="span" cls="chip">{t(`k_${item.kind}`)}</El> <El as="strong">{item.title}</El> <El as="span" cls={`chip ${CHIPS[item.state]}`}>{t(`s_${item.state}`)}</El></El>
      <Told lines={lines(item.body, lang, names).filter((line) => line.key === 'f_day' || line.key === 'f_sites' || line.key === 'f_amount')} />
      {(item.body.visited_on ?? item.body.text) ? <El as="p" cls="soft">{String(item.body.visited_on ?? item.body.text)}</El> : null}
      {item.problem && <El as="p" cls="wrong">{item.problem.message}{item.problem.hint}</El>}
      {open && FORMS[item.kind] && <Button onTap={() => void Taro.navigateTo({ url: `${FORMS[item.kind]}?item=${item.id}` })}>{t('correct')}</Button>}
      {open && !FORMS[item.kind] && <Button onTap={() => attempt(theOutbox().correct(item.id, item.body, item.title).then(() => flush(true)))}>{t('send_again')}</Button>}
      {open && <GiveUp item={item} t={t} />}
      {mine && item.state === 'conflict' && <Conflict item={item} />}
    </El>
  )
}

function GiveUp({ item, t }: { item: Item; t: Say }) {
  const [sure, setSure] = useState(false)
  return <Button cls="btn quiet" onTap={() => (sure ? attempt(theOutbox().giveUp(item.id)) : setSure(true))}>{t(sure ? 'give_up_sure' : 'give_up')}</Button>
}

function Conflict({ item }: { item: Item }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const names = useNames()
  const [there, setThere] = useState<Written | 'unread'>()
  const busy = useRef(false)
  useEffect(() => { void stored(String(item.body.batch_id), item.id).then((found) => setThere(found ?? 'unread')) }, [item.id])
  const keepHere = async () => {
    if (busy.current) return
    busy.current = true
    await amend(item.body, t('keep_here'), item.title, item).then(() => theOutbox().giveUp(item.id)).finally(() => { busy.current = false })
  }
  if (!there || there === 'unread') return <El as="p" cls="soft" live>{t(there ? 'there_unread' : 'loading')}</El>
  return (
    <>
      <El as="p">{t('conflict_hint')}</El>
      {compared(lines(item.body, lang, names), lines({ ...there }, lang, names)).map((line) => (
        <El key={line.key} as="section" cls="both" label={t(line.key)}>
          <El as="p" cls="strong">{t(line.key)} {!line.same && <El as="span" cls="chip void">{t('differs')}</El>}</El>
          {line.same
            ? <El as="p">{line.here}</El>
            : <El cls="pair"><El as="p"><El as="span" cls="soft">{t('here')}：</El>{line.here || '—'}</El><El as="p"><El as="span" cls="soft">{t('there')}：</El>{line.there || '—'}</El></El>}
        </El>
      ))}
      <Button onTap={() => attempt(keepHere())}>{t('keep_here')}</Button>
      <Button cls="btn quiet" onTap={() => attempt(theOutbox().giveUp(item.id))}>{t('keep_there')}</Button>
    </>
  )
}

export default started(OutboxPage)
