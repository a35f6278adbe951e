/** Noting a deed: what, with which input, how much. Everything else is filled in; a second look corrects a rejected one. */
import { useEffect, useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { area } from '@/rules/land'
import { length, LONGEST_NOTE, missing, MOST_PHOTOS, remarked, type Draft } from '@/rules/records'
import { clientIdOf, correctRecord, farm, habits, labelled, recalled, write, type Batch, type Site, type Used } from '@/services/farming'
import { amend, stored, versionOf, type Written } from '@/services/log'
import { theOutbox } from '@/services/outbox'
import { today } from '@/state/session'
import { settings, type Lang } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { goBack } from '@/ui/leaving'
import { Photos } from '@/ui/photos'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { cropClasses, label, recordKinds, units, type RecordKind } from '@/vocab'
import { useWords, type Say } from '@/words'
import { useFresh } from '../fresh'
import { Inputs, stop } from './inputs'
import { Note } from './note'
import { confirmed, unsure } from './unknown'

function Record() {
  const { batch: id = '', item = '', amend: old = '' } = useRouter().params
  const kept = useStore(farm())
  const ready = useFresh()
  const correcting = theOutbox().list().find((one) => one.id === item)
  const wanted = correcting ? String(correcting.body.batch_id) : decodeURIComponent(id)
  const batch = kept?.batches.find((one) => one.id === wanted)
  const t = useWords()
  return (
    <Page title={t(old ? 'correct' : 'write')}>
      {ready && batch && (old ? <Amending batch={batch} id={clientIdOf(decodeURIComponent(old))} /> : <Form batch={batch} correcting={correcting} />)}
      {!batch && <El as="p" cls="lead" live>{t(ready && kept ? 'batch_unknown' : 'loading')}</El>}
    </Page>
  )
}

/** A record that the platform has, corrected by a new version. */
function Amending({ batch, id }: { batch: Batch; id: string }) {
  const t = useWords()
  const [old, setOld] = useState<Amended | null>()
  useEffect(() => { void stored(batch.id, id).then((found) => setOld(found ? { id, body: told(found) } : null)) }, [batch.id, id])
  if (old === null) return <El as="p" cls="card" live>{t('amend_unread')}</El>
  return old ? <Form batch={batch} correcting={undefined} amending={old} /> : <El as="p" cls="lead" live>{t('loading')}</El>
}

/** What a new version begins with; of each input also whether the platform knew it. */
function told(found: Written): Partial<Draft> {
  const body = versionOf(found) as Partial<Draft>
  const known = (found.inputs as { known?: boolean }[]).map((one) => one.known)
  return { ...body, inputs: body.inputs?.map((one, place): Used => ({ ...one, known: known[place] })) }
}

/** A record on the platform by its client id, and what it says now. */
interface Amended { id: string; body: Partial<Draft> }

function first(batch: Batch, kind: string): Draft {
  return { kind, happened_on: today(), site_ids: batch.site_ids, inputs: [], photos: [] }
}

function begun(batch: Batch, before: Partial<Draft> | undefined): Draft {
  return { ...first(batch, ''), ...before, inputs: (before?.inputs ?? []).map(recalled), photos: [] }
}

/** Why it cannot be kept as it is, in words; undefined when it can. */
function wanting(t: Say, draft: Draft, kind: RecordKind | undefined, cropClass: string): string | undefined {
  const stopped = draft.inputs.map((one) => stop(t, one, cropClass, draft.happened_on)).find(Boolean)
  if (stopped) return stopped
  const unknown = draft.inputs.find((one) => !one.sure && unsure(one, kind?.input_kinds ?? []))
  if (unknown) return t('unknown_first', { name: unknown.name })
  const absent = missing(draft, kind)
  if (absent) return t('missing', { what: t(absent) })
  if (draft.ended_on && draft.ended_on < draft.happened_on) return t('ended_before')
  const count = length(remarked(draft.note, confirmed(t, draft)))
  return count > LONGEST_NOTE ? t('note_too_long', { count, most: LONGEST_NOTE }) : undefined
}

function Form({ batch, correcting, amending }: { batch: Batch; correcting: Item | undefined; amending?: Amended }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const usual = useStore(habits())
  const [draft, setDraft] = useState<Draft>(() => begun(batch, amending?.body ?? (correcting?.body as Partial<Draft> | undefined)))
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const busy = useRef(false)
  const kingdom = cropClasses.find((one) => one.code === batch.crop_class)?.kingdom ?? 'plant'
  const kinds = recordKinds.filter((one) => one.applies_to.includes(kingdom))
  const kind = kinds.find((one) => one.code === draft.kind)
  const change = (some: Partial<Draft>) => { setDraft((before) => ({ ...before, ...some })); setProblem('') }
  const last = usual.last
  const repeat = () => setDraft({ ...begun(batch, last as Partial<Draft>), happened_on: today(), ended_on: undefined, site_ids: batch.site_ids, photos: [] })
  const save = async () => {
    const why = wanting(t, draft, kind, batch.crop_class)
    if (why) return setProblem(why)
    if (busy.current) return // a second tap is not a second record
    busy.current = true
    try {
      await (amending ? again(batch, draft, amending, lang, t) : keep(batch, draft, correcting, lang, t))
    } catch {
      busy.current = false
      return setProblem(t('storage_full'))
    }
    await Taro.showToast({ title: t('saved'), icon: 'none', duration: 2500 })
    await goBack('/farmer/farm/index')
  }
  return (
    <>
      <El as="section" cls="card">
        <El as="h2">{batch.product_name}</El>
        {last && !correcting && !amending && <Button cls="btn quiet" onTap={repeat}>{t('repeat', { what: last.title })}</Button>}
        <El as="h3">{t('what')}</El>
        <Choices terms={kinds} value={draft.kind} onPick={(code) => setDraft({ ...first(batch, code), happened_on: draft.happened_on })} />
      </El>
      {kind && <Details batch={batch} kind={kind} draft={draft} change={change} />}
      {problem && <El as="p" cls="card wrong" live>{problem}</El>}
      {kind && <Button cls="btn big" onTap={() => void save()}>{t('save')}</Button>}
    </>
  )
}

/** A new version of a record that the platform has. Rejects when the phone is full. */
async function again(batch: Batch, draft: Draft, { id }: Amended, lang: Lang, t: Say): Promise<void> {
  const title = titled(draft, lang)
  const note = remarked(draft.note, confirmed(t, draft))
  await amend({ client_id: id, batch_id: batch.id, ...versionOf({ ...draft, note }) }, t('amend_reason'), title, labelled(draft.inputs), draft.photos)
}

function titled(draft: Draft, lang: Lang): string {
  return [label(recordKinds, draft.kind, lang), ...draft.inputs.map((one) => one.name)].join(' · ')
}

/** On the phone, new or corrected, with its photos. Rejects when the phone is full. */
async function keep(batch: Batch, draft: Draft, correcting: Item | undefined, lang: Lang, t: Say): Promise<void> {
  const title = titled(draft, lang)
  const said = confirmed(t, draft)
  if (!correcting) return write({ ...draft, said, batch, title })
  const { photos, ...told } = { ...draft, note: remarked(draft.note, said) }
  await correctRecord(correcting, told, photos, title)
}

interface DetailsProps { batch: Batch; kind: RecordKind; draft: Draft; change: (some: Partial<Draft>) => void }

function Details({ batch, kind, draft, change }: DetailsProps) {
  const t = useWords()
  const sites = useStore(farm())?.sites.filter((site) => batch.site_ids.includes(site.id)) ?? []
  const mu = area(sites.filter((site) => draft.site_ids.includes(site.id)))
  return (
    <El as="section" cls="card">
      {kind.input_kinds && <Inputs draft={draft} batch={batch} kinds={kind.input_kinds} area={mu} change={change} />}
      {kind.mandatory.includes('target') && <Field label={t('target')} value={draft.target ?? ''} onChange={(target) => change({ target })} max={80} />}
      {kind.mandatory.includes('amount') && (
        <>
          <Field label={t('yield')} kind="number" value={draft.amount ?? ''} onChange={(amount) => change({ amount })} max={12} />
          <Choices label={t('unit')} terms={units.filter((one) => ['mass', 'count'].includes(one.dimension))} value={draft.unit ?? ''} onPick={(unit) => change({ unit })} />
        </>
      )}
      <Days draft={draft} change={change} />
      <Sites sites={sites} draft={draft} change={change} />
      <Note value={draft.note ?? ''} onChange={(note) => change({ note })} />
      <Photos photos={draft.photos} most={MOST_PHOTOS} change={(photos) => change({ photos })} />
    </El>
  )
}

function Days({ draft, change }: { draft: Draft; change: (some: Partial<Draft>) => void }) {
  const t = useWords()
  return (
    <>
      <Field label={t('when')} kind="day" value={draft.happened_on} onChange={(happened_on) => change({ happened_on })} />
      {draft.ended_on === undefined
        ? <Button cls="btn quiet" onTap={() => change({ ended_on: draft.happened_on })}>{t('several_days')}</Button>
        : <><Field label={t('done_on')} kind="day" value={draft.ended_on} onChange={(ended_on) => change({ ended_on })} /><Button cls="btn quiet" onTap={() => change({ ended_on: undefined })}>{t('one_day')}</Button></>}
    </>
  )
}

function Sites({ sites, draft, change }: { sites: readonly Site[]; draft: Draft; change: (some: Partial<Draft>) => void }) {
  const t = useWords()
  if (sites.length < 2) return null
  const turn = (id: string) => change({ site_ids: draft.site_ids.includes(id) ? draft.site_ids.filter((one) => one !== id) : [...draft.site_ids, id] })
  return (
    <>
      <El as="h3">{t('where')}</El>
      <El cls="choices" label={t('where')}>{sites.map((site) => <Button key={site.id} cls="choice" pressed={draft.site_ids.includes(site.id)} onTap={() => turn(site.id)}>{site.name}</Button>)}</El>
    </>
  )
}

export default started(Record)
