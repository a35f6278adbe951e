/** One declaration: what the producer says of itself, and approving or returning it, with or without signal. */
import { useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { placeName } from '@/rules/desk'
import { useMine } from '@/services/mine'
import { decide, desk, refreshDesk, type Declaration, type Place } from '@/services/officer'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Freshness } from '@/ui/freshness'
import { useReading } from '@/ui/reading'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { label, producerKinds, units } from '@/vocab'
import { useWords } from '@/words'

function DeclarationPage() {
  const id = decodeURIComponent(useRouter().params.id ?? '')
  const t = useWords()
  const decided = useMine().find((item) => item.kind === 'decision' && item.path?.includes(`/${id}/`))
  const { value: kept, heard } = useReading(desk(), refreshDesk)
  const [first, setFirst] = useState<Declaration>()
  const one = kept?.declarations.find((known) => known.id === id) ?? first
  if (one && !first) setFirst(one) // decided meanwhile, it leaves the queue; the page stays
  if (!kept || !one) return <Page title={t('declaration')}>{heard === 'asking' ? <El as="p" cls="lead" live>{t('loading')}</El> : <Gone />}</Page>
  return (
    <Page title={t('declaration')}>
      <Freshness heard={heard} at={kept.at} />
      <Said one={one} places={kept.places} />
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/officer/producer/index?id=${one.producer_id}` })}>{t('see_producer')}</Button>
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/officer/visit/index?producer=${one.producer_id}&declaration=${encodeURIComponent(one.id)}` })}>{t('visit_here')}</Button>
      {decided && decided.state !== 'needs_fix'
        ? <El as="p" cls="card" live><El as="span" cls={`chip ${decided.state === 'delivered' ? 'valid' : 'mark'}`}>{t(`s_${decided.state}`)}</El> {decided.title}</El>
        : <Deciding one={one} problem={decided?.problem && `${decided.problem.message}${decided.problem.hint ?? ''}`} />}
    </Page>
  )
}

function Gone() {
  const t = useWords()
  return (
    <El as="section" cls="card">
      <El as="p" live>{t('declaration_gone')}</El>
      <Button onTap={() => void Taro.redirectTo({ url: '/officer/queue/index' })}>{t('to_queue')}</Button>
    </El>
  )
}

function Said({ one, places }: { one: Declaration; places: Place[] }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const named = (id: string) => one.products.find((product) => product.id === id)?.name ?? ''
  return (
    <El as="section" cls="card" label={one.producer_name}>
      <El as="h2">{one.producer_name}</El>
      <El as="p" cls="soft">{label(producerKinds, one.producer_kind, lang)} · {placeName(one.region, places)}</El>
      <El as="p">{t('season', { season: one.season })}{one.version > 1 && ` · ${t('version', { number: one.version })}`} · {(one.submitted_at ?? '').slice(0, 10)}</El>
      <El as="h3">{t('sites')}</El>
      {one.sites.map((site) => <El cls="said" key={site.id}><El as="p">{site.name}</El><El as="p" cls="soft">{t('area', { mu: site.area_mu ?? '' })}</El></El>)}
      <El as="h3">{t('products')}</El>
      <El as="p">{one.products.map((product) => [product.name, product.variety].filter(Boolean).join(' ')).join(' · ')}</El>
      {one.planned.map((row) => <El as="p" cls="soft" key={row.product_id}>{t('planned', { what: named(row.product_id), amount: row.amount, unit: label(units, row.unit, lang) })}</El>)}
      <El as="h3">{t('commitments')}</El>
      <El as="ul">{one.commitments.map((promise) => <El as="li" key={promise.code}>{promise[lang]}</El>)}</El>
    </El>
  )
}

function Deciding({ one, problem }: { one: Declaration; problem: string | undefined }) {
  const t = useWords()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const busy = useRef(false)
  const go = async (verdict: 'approve' | 'return') => {
    if (busy.current) return
    if (verdict === 'return' && !reason.trim()) return setWrong(t('missing', { what: t('reason') }))
    busy.current = true
    await decide(one, verdict, reason.trim(), `${t(verdict === 'approve' ? 'approve' : 'send_back')} · ${one.producer_name}`).catch(() => setWrong(t('storage_full')))
    busy.current = false
  }
  return (
    <El as="section" cls="card" label={t('decide')}>
      <El as="h2">{t('decide')}</El>
      <El as="p" cls="soft">{t('decide_hint')}</El>
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      <Field label={t('reason')} kind="long" value={reason} onChange={(text) => { setReason(text); setWrong('') }} max={500} hint={t('reason_hint')} />
      {wrong && <El as="p" cls="wrong" live>{wrong}</El>}
      <Button cls="btn big" onTap={() => void go('approve')}>{t('approve')}</Button>
      <Button cls="btn quiet" onTap={() => void go('return')}>{t('send_back')}</Button>
    </El>
  )
}

export default started(DeclarationPage)
