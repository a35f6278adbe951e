/** The records of one batch, each with where it is: on the phone, delivered, sealed; readable without signal. */
import { useEffect, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { minute } from '@/rules/china'
import { current } from '@/rules/log'
import { lines } from '@/rules/telling'
import { clientIdOf, endBatch, farm, type Batch } from '@/services/farming'
import { log, refreshLog, type Written } from '@/services/log'
import { useOutbox } from '@/services/outbox'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { CHIPS } from '@/ui/states'
import { label, recordKinds } from '@/vocab'
import { useWords } from '@/words'
import { useFresh } from '../fresh'
import { Told, useNames } from '../told'

function Records() {
  const t = useWords()
  const id = decodeURIComponent(useRouter().params.batch ?? '')
  useFresh()
  const kept = useStore(farm())
  const batch = [...(kept?.batches ?? []), ...(kept?.ended ?? [])].find((one) => one.id === id)
  const known = useStore(log(id))
  const items = useOutbox().filter((item) => item.kind === 'record' && item.body.batch_id === id)
  const arrived = items.filter((item) => item.state === 'delivered').length
  useEffect(() => { void log(id).load().then(() => refreshLog(id)).catch(() => undefined) }, [id, arrived])
  const there = new Set(known?.records.map((one) => clientIdOf(one.id)))
  const here = items.filter((item) => !there.has(item.id))
  return (
    <Page title={t('records')}>
      {batch && <El as="p" cls="lead">{batch.product_name} · {batch.started_on}</El>}
      {known && <El as="p" cls="soft">{t('log_as_of', { day: minute(known.at) })}</El>}
      {!known && here.length === 0 && <El as="p" cls="card soft">{t('log_none')}</El>}
      {here.map((item) => <Here key={item.id} item={item} />)}
      {known && current(known.records).map(({ record, versions }) => <There key={record.root_id} record={record} versions={versions} />)}
      {known?.records.length === 0 && here.length === 0 && <El as="p" cls="card soft">{t('log_none')}</El>}
      {batch && <Season batch={batch} unsent={items.length > arrived} />}
    </Page>
  )
}

/** Saying that the season is over, so that the batch leaves the home page; or that it goes on after all. */
function Season({ batch, unsent }: { batch: Batch; unsent: boolean }) {
  const t = useWords()
  const [sure, setSure] = useState(false)
  const [told, setTold] = useState('')
  const ended = batch.state === 'closed'
  const tap = async () => {
    if (unsent) return setTold(t('finish_unsent'))
    if (!ended && !sure) return setSure(true)
    setSure(false)
    setTold(await endBatch(batch, !ended).then(() => '', () => t('finish_no_signal')))
  }
  return (
    <El as="section" cls="card" label={t('finish')}>
      <El as="p" cls="soft">{t(ended ? 'finished_hint' : 'finish_hint')}</El>
      <Button cls="btn quiet" onTap={() => void tap()}>{t(ended ? 'unfinish' : sure ? 'finish_sure' : 'finish_batch')}</Button>
      {told && <El as="p" cls="wrong" live>{told}</El>}
    </El>
  )
}

function Here({ item }: { item: Item }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const names = useNames()
  return (
    <El as="section" cls="card" label={item.title}>
      <El as="p"><El as="strong">{item.title}</El> <El as="span" cls={`chip ${CHIPS[item.state]}`}>{t(`s_${item.state}`)}</El></El>
      <Told lines={lines(item.body, lang, names)} />
      {item.problem && <El as="p" cls="wrong">{item.problem.message}{item.problem.hint}</El>}
      {(item.state === 'needs_fix' || item.state === 'conflict') && <Button onTap={() => void Taro.navigateTo({ url: '/farmer/outbox/index' })}>{t('see_outbox')}</Button>}
    </El>
  )
}

function There({ record, versions }: { record: Written; versions: number }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const names = useNames()
  const title = label(recordKinds, record.kind, lang)
  const sealed = record.sealed_at
  return (
    <El as="section" cls="card" label={title}>
      <El as="p"><El as="strong">{title}</El> <El as="span" cls={`chip ${sealed ? 'lab' : 'valid'}`}>{sealed ? t('sealed', { at: minute(sealed) }) : t('s_delivered')}</El> {record.late_days > 0 && <El as="span" cls="chip mark">{t('late', { days: record.late_days })}</El>}</El>
      <Told lines={lines({ ...record }, lang, names).filter((line) => line.key !== 'f_kind')} />
      {versions > 1 && <El as="p" cls="soft">{t('changed', { times: versions - 1 })}{record.amend_reason}</El>}
      {sealed && <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/check/index/index?record=${encodeURIComponent(record.id)}` })}>{t('check_record')}</Button>}
    </El>
  )
}

export default started(Records)
