/** Noting a deed: what, with which input, how much. Everything else is filled in; a second look corrects a rejected one. */
import { useEffect, useMemo, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { interval, judged, type Stop } from '@/rules/inputs'
import { missing, type Draft } from '@/rules/records'
import { farm, findInputs, habits, rulebook, write, type Batch, type Used } from '@/services/farming'
import { theOutbox, flush } from '@/services/outbox'
import { today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page, useSignal } from '@/ui/page'
import { choosePhotos } from '@/ui/platform'
import { applicationMethods, cropClasses, crops, label, recordKinds, units, type Term } from '@/vocab'
import { useWords } from '@/words'

const DOSES = ['mass', 'volume', 'dose', 'dilution']

function Record() {
  const { batch: id = '', item = '' } = useRouter().params
  const kept = useStore(farm())
  const [ready, setReady] = useState(false)
  useEffect(() => { void Promise.all([farm().load(), habits().load(), rulebook.load()]).then(() => setReady(true)) }, [])
  const correcting = theOutbox().list().find((one) => one.id === item)
  const wanted = correcting ? String(correcting.body.batch_id) : decodeURIComponent(id)
  const batch = kept?.batches.find((one) => one.id === wanted)
  const t = useWords()
  return <Page title={t('write')}>{ready && batch ? <Form batch={batch} correcting={correcting} /> : <El as="p" cls="lead" live>{t('loading')}</El>}</Page>
}

function first(batch: Batch, kind: string): Draft {
  return { kind, happened_on: today(), site_ids: batch.site_ids, inputs: [], photos: [] }
}

function Form({ batch, correcting }: { batch: Batch; correcting: Item | undefined }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const usual = useStore(habits())
  const sites = useStore(farm())?.sites.filter((site) => batch.site_ids.includes(site.id)) ?? []
  const kingdom = cropClasses.find((one) => one.code === batch.crop_class)?.kingdom ?? 'plant'
  const kinds = recordKinds.filter((one) => one.applies_to.includes(kingdom))
  const [draft, setDraft] = useState<Draft>(() => ({ ...first(batch, ''), ...(correcting?.body as Partial<Draft> | undefined), photos: [] }))
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const kind = kinds.find((one) => one.code === draft.kind)
  const change = (some: Partial<Draft>) => { setDraft({ ...draft, ...some }); setProblem('') }
  const save = async () => {
    const absent = missing(draft, kind)
    if (!kind || absent) return setProblem(t('missing', { what: t(absent ?? 'what') }))
    const title = [label(recordKinds, draft.kind, lang), ...draft.inputs.map((one) => one.name)].join(' · ')
    try {
      if (correcting) await theOutbox().correct(correcting.id, { ...correcting.body, ...bodied(draft) }, title)
      else await write({ ...draft, batch, title })
      void flush(true)
      await Taro.showToast({ title: t('saved'), icon: 'none', duration: 2500 })
      await Taro.navigateBack()
    } catch {
      setProblem(t('storage_full'))
    }
  }
  const last = usual.last
  return (
    <>
      <El as="section" cls="card">
        <El as="h2">{batch.product_name}</El>
        {last && !correcting && <Button cls="btn quiet" onTap={() => setDraft({ ...first(batch, ''), ...(last as Partial<Draft>), happened_on: today(), site_ids: batch.site_ids, photos: [] })}>{t('repeat', { what: last.title })}</Button>}
        <El as="h3">{t('what')}</El>
        <Choices terms={kinds} value={draft.kind} onPick={(code) => setDraft({ ...first(batch, code), happened_on: draft.happened_on })} />
      </El>
      {kind && (
        <El as="section" cls="card">
          {kind.input_kinds && <Inputs draft={draft} cropClass={batch.crop_class} crop={batch.crop} kinds={kind.input_kinds} change={change} />}
          {kind.mandatory.includes('target') && <Field label={t('target')} value={draft.target ?? ''} onChange={(target) => change({ target })} max={80} />}
          {kind.mandatory.includes('amount') && (
            <>
              <Field label={t('yield')} kind="number" value={draft.amount ?? ''} onChange={(amount) => change({ amount })} max={12} />
              <Choices terms={units.filter((one) => ['mass', 'count'].includes(one.dimension))} value={draft.unit ?? ''} onPick={(unit) => change({ unit })} />
            </>
          )}
          <Field label={t('when')} kind="day" value={draft.happened_on} onChange={(happened_on) => change({ happened_on })} />
          {sites.length > 1 && <><El as="h3">{t('where')}</El><El cls="choices">{sites.map((site) => (
            <Button key={site.id} cls="choice" pressed={draft.site_ids.includes(site.id)} onTap={() => change({ site_ids: draft.site_ids.includes(site.id) ? draft.site_ids.filter((one) => one !== site.id) : [...draft.site_ids, site.id] })}>{site.name}</Button>
          ))}</El></>}
          <Field label={t('note')} kind="long" value={draft.note ?? ''} onChange={(note) => change({ note: [...note].slice(0, 500).join('') })} max={500} />
          <Button cls="btn quiet" onTap={() => void choosePhotos(9).then((photos) => photos.length && change({ photos: photos.slice(0, 9) }))}>{t('photo')}</Button>
          {draft.photos.length > 0 && <El as="p" live>{t('photos_kept', { count: draft.photos.length })}</El>}
        </El>
      )}
      {problem && <El as="p" cls="card wrong" live>{problem}</El>}
      {kind && <Button cls="btn big" onTap={() => void save()}>{t('save')}</Button>}
    </>
  )
}

function bodied({ photos: _photos, ...rest }: Draft) {
  return rest
}

function Choices({ terms, value, onPick }: { terms: readonly Term[]; value: string; onPick: (code: string) => void }) {
  const { lang } = useStore(settings)
  return <El cls="choices">{terms.map((one) => <Button key={one.code} cls="choice" pressed={value === one.code} onTap={() => onPick(one.code)}>{one[lang]}</Button>)}</El>
}

function Inputs({ draft, cropClass, crop, kinds, change }: { draft: Draft; cropClass: string; crop: string; kinds: string[]; change: (some: Partial<Draft>) => void }) {
  const t = useWords()
  const usual = useStore(habits())
  const rules = useStore(rulebook)
  const signal = useSignal()
  const [asked, setAsked] = useState('')
  const [found, setFound] = useState<Used[]>([])
  const [stop, setStop] = useState<string>()
  const used = draft.inputs[0]
  useEffect(() => {
    const words = asked.trim()
    if (words.length < 2 || !signal) return setFound([])
    const later = setTimeout(() => void findInputs(words, kinds[0]).then(setFound).catch(() => setFound([])), 300)
    return () => clearTimeout(later)
  }, [asked, signal])
  const names = useMemo(() => crops.find((one) => one.code === crop)?.label_crops ?? [], [crop])
  const pick = (one: Used) => {
    const seen: Stop = judged(one, cropClass, draft.happened_on, rules, one.method)
    if (seen.kind === 'banned') return setStop(t('stop_banned', { name: one.name, substance: seen.substance, law: seen.announcement }))
    setStop(seen.kind === 'unknown' && kinds[0] === 'pesticide' ? t('stop_unknown') : undefined)
    setAsked('')
    change({ inputs: [one] })
  }
  const set = (some: Partial<Used>) => used && change({ inputs: [{ ...used, ...some }] })
  const days = used && interval(used, names)
  const offered = usual.inputs.filter((one) => !one.kind || kinds.includes(one.kind))
  return (
    <>
      <El as="h3">{t('which_input')}</El>
      {used && <El as="p" cls="picked"><El as="strong">{used.name}</El> {used.registration_no} {days !== undefined && t('wait_days', { days })}</El>}
      {!used && offered.length > 0 && <><El as="p" cls="soft">{t('last_used')}</El><El cls="choices">{offered.map((one) => <Button key={one.name} cls="choice" onTap={() => pick(one)}>{one.name}</Button>)}</El></>}
      <Field label={t('find_input')} value={asked} onChange={(text) => { setAsked(text); setStop(undefined) }} max={40} />
      {found.map((one) => <Button key={one.registration_no} cls="row" onTap={() => pick(one)}><El as="span" cls="grow">{one.name}</El><El as="span" cls="soft">{one.registration_no}</El></Button>)}
      {asked.trim().length > 1 && <Button cls="btn quiet" onTap={() => pick({ name: asked.trim() })}>{t('no_number')}</Button>}
      {stop && <El as="p" cls="wrong stop" live>{stop}</El>}
      {used && (
        <>
          {!used.registration_no && <Field label={t('maker')} value={used.manufacturer ?? ''} onChange={(manufacturer) => set({ manufacturer })} max={80} />}
          <Field label={t('amount')} kind="number" value={used.amount ?? ''} onChange={(amount) => set({ amount })} max={12} />
          <Choices terms={units.filter((one) => DOSES.includes(one.dimension))} value={used.unit ?? ''} onPick={(unit) => set({ unit })} />
          <El as="h3">{t('method')}</El>
          <Choices terms={applicationMethods} value={used.method ?? ''} onPick={(method) => set({ method })} />
          <Field label={t('dealer')} value={used.source ?? ''} onChange={(source) => set({ source })} max={80} />
        </>
      )}
    </>
  )
}

export default started(Record)
