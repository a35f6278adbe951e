/** One producer for an officer on the way there: facts, land, what grows, earlier visits. Readable without signal. */
import { useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { between } from '@/rules/inputs'
import { placeName } from '@/rules/desk'
import { useMine } from '@/services/mine'
import { desk, dossier, linked, LINKS_LIVE, phoneOf, refreshDossier, type Dossier, type Producer, type Visit } from '@/services/officer'
import { Asked } from '@/ui/asked'
import { regionsOf, session, today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Picture } from '@/ui/base'
import { Freshness } from '@/ui/freshness'
import { useReading } from '@/ui/reading'
import { started } from '@/ui/started'
import { Page, useSignal } from '@/ui/page'
import { label, producerKinds, producerStates, visitOutcomes } from '@/vocab'
import { useWords } from '@/words'

function ProducerPage() {
  const { id = '' } = useRouter().params
  const t = useWords()
  const arrived = useMine().filter((item) => item.producer === id && item.state === 'delivered').length
  const known = useReading(desk(), async () => undefined).value?.producers.find((one) => one.id === id)
  const { value: kept, heard } = useReading(dossier(id), () => refreshDossier(id), arrived)
  const producer = kept?.producer ?? known
  const waiting = useMine().filter((item) => item.kind === 'visit' && item.producer === id && item.state !== 'delivered').length
  const asks = regionsOf(session.get(), 'question:ask').length > 0
  const visits = regionsOf(session.get(), 'declaration:review').length > 0
  if (!producer) return <Page title={t('producer')}><El as="p" cls="lead" live>{t(heard === 'asking' ? 'loading' : 'officer_never')}</El></Page>
  return (
    <Page title={t('producer')}>
      {kept ? <Freshness heard={heard} at={kept.at} /> : heard !== 'asking' && <El as="p" cls="strip" live>{t('dossier_never')}</El>}
      <Facts producer={producer} />
      {visits && <Button cls="btn big" onTap={() => void Taro.navigateTo({ url: `/officer/visit/index?producer=${id}` })}>{t('visit_here')}</Button>}
      {waiting > 0 && <El as="p" cls="strip" live>{t('visit_waits', { count: waiting })}</El>}
      {asks && <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/officer/ask/index?producer=${id}` })}>{t('q_ask')}</Button>}
      {asks && kept && <Asked title={t('questions_of')} none={t('questions_of_none')} questions={kept.questions ?? []} producer={id} />}
      {kept && <Rest kept={kept} />}
    </Page>
  )
}

function Facts({ producer }: { producer: Producer }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const places = useStore(desk())?.places ?? []
  const [phone, setPhone] = useState('')
  const may = regionsOf(useStore(session), 'contact:open').length > 0
  const open = () => void phoneOf(producer.id).then(setPhone).catch(() => setPhone(t('needs_signal')))
  const facts = [[t('place'), `${placeName(producer.region, places)}${producer.address ?? ''}`], [t('contact'), producer.contact_name], [t('phone'), phone || producer.contact_phone]]
  return (
    <El as="section" cls="card" label={producer.name}>
      <El as="h2">{producer.name}</El>
      <El as="p"><El as="span" cls={`chip ${producer.status === 'active' ? 'valid' : producer.status === 'suspended' ? 'void' : 'mark'}`}>{label(producerStates, producer.status, lang)}</El> {label(producerKinds, producer.kind, lang)}</El>
      {facts.filter(([, value]) => value).map(([name, value]) => <El cls="said" key={name}><El as="p" cls="soft">{name}</El><El as="p">{value}</El></El>)}
      {may && !phone && <Button cls="btn quiet" onTap={open}>{t('open_phone')}</Button>}
    </El>
  )
}

function Rest({ kept }: { kept: Dossier }) {
  const t = useWords()
  return (
    <>
      <El as="section" cls="card" label={t('sites')}>
        <El as="h2">{t('sites')}</El>
        {kept.sites.length === 0 && <El as="p" cls="soft">{t('sites_none')}</El>}
        {kept.sites.map((site) => <El cls="said" key={site.id}><El as="p">{site.name}</El><El as="p" cls="soft">{t('area', { mu: site.area_mu })}</El></El>)}
      </El>
      <El as="section" cls="card" label={t('growing')}>
        <El as="h2">{t('growing')}</El>
        {kept.batches.length === 0 && <El as="p" cls="soft">{t('growing_none')}</El>}
        {kept.batches.map(({ batch, window }) => <El cls="said" key={batch.id}><El as="p">{batch.product_name} <El as="span" cls="soft">{batch.started_on}</El></El><Lawful window={window} /></El>)}
      </El>
      <El as="section" cls="card" label={t('visits')}>
        <El as="h2">{t('visits')}</El>
        {kept.visits.length === 0 && <El as="p" cls="soft">{t('visits_none')}</El>}
        {kept.visits.map((visit) => <Visited key={visit.id} visit={visit} at={kept.at} />)}
      </El>
    </>
  )
}

function Lawful({ window }: { window: Dossier['batches'][number]['window'] }) {
  const t = useWords()
  const from = window.earliest_lawful_harvest
  if (window.blocked) return <El as="p" cls="wrong">{t('blocked')}</El>
  const later = from && between(today(), from) > 0
  return <El as="p" cls={later ? 'hold' : 'good'}>{later ? t('lawful_from', { day: from }) : t('may_harvest')}</El>
}

function Visited({ visit, at }: { visit: Visit; at: number }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const seen = useSignal() && Date.now() - at < LINKS_LIVE
  const outcome = label(visitOutcomes, visit.outcome, lang)
  return (
    <El cls="visited">
      <El as="p"><El as="strong">{visit.visited_on}</El> {outcome}{visit.distance_m !== null && ` · ${t('away', { metres: visit.distance_m })}`}</El>
      {visit.findings && <El as="p">{visit.findings}</El>}
      {visit.files.length > 0 && (seen
        ? <El cls="photos">{visit.files.map((file, place) => <Picture key={file.id} src={linked(file.thumb_url ?? '')} alt={t(file.role === 'signature' ? 'signature' : 'photo_of', { number: place + 1 })} />)}</El>
        : <El as="p" cls="soft">{t('files_later', { count: visit.files.length })}</El>)}
    </El>
  )
}

export default started(ProducerPage)
