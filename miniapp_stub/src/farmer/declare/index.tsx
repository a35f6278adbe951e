/** A producer's declaration of the year: where it stands on one card, and four steps to write it. Works without signal. */
import { useEffect, useState } from 'react'
import { useRouter } from '@tarojs/taro'
import { day as dayOf } from '@/rules/china'
import { drafted, newest, offered, standing, type Draft, type Kind, type Standing, type Version } from '@/rules/declaring'
import { draftOf } from '@/services/declaring'
import { farm, type Farm } from '@/services/farming'
import { useOutbox } from '@/services/outbox'
import { here, revise, session, today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'
import { useFresh } from '../fresh'
import { amount, season } from './said'
import { Steps } from './steps'
import './index.css'

const CHIPS: Record<Kind, string> = { refused: 'void', waiting: 'mark', draft: 'mark', returned: 'void', submitted: 'lab', approved: 'valid', due: 'mark', none: '' }

function Declare() {
  const t = useWords()
  const { producer = '', item = '' } = useRouter().params
  const known = useStore(session)
  const sent = useOutbox().find((one) => one.id === item)?.producer ?? producer
  const ready = useFresh()
  useEffect(() => {
    const now = session.get()
    if (now && sent && sent !== here() && now.producers.some((one) => one.id === sent)) void revise({ chosen: sent })
  }, [sent, ready])
  const kept = useStore(farm())
  if (!known) return <Page title={t('declare')}><El as="p" cls="card">{t('nobody')}</El></Page>
  if (!kept?.declarations) return <Page title={t('declare')}><El as="p" cls="card" live>{t(ready ? 'd_farm_first' : 'loading')}</El></Page>
  return <Page title={t('declare')}><Declaration key={kept.producer} kept={kept} versions={kept.declarations} /></Page>
}

function Declaration({ kept, versions }: { kept: Farm; versions: readonly Version[] }) {
  const store = draftOf(kept.producer)
  const draft = useStore(store)
  const account = useStore(session)?.accountId
  const items = useOutbox().filter((one) => one.kind === 'declaration' && one.producer === kept.producer && one.owner === account)
  const [writing, setWriting] = useState(false)
  const [full, setFull] = useState(false)
  const t = useWords()
  useEffect(() => { void store.load() }, [store])
  const stands = standing(versions, kept.at, items, draft, today())
  const others = newest(versions, today().slice(0, 4)).filter((one) => one !== stands.version)
  const sites = kept.sites.map((one) => one.id)
  const products = kept.products.map((one) => one.id)
  const fresh = () => (stands.item?.state === 'needs_fix' ? drafted(stands.item.body, sites, products) : offered(versions, sites, products, today()))
  const begin = (anew: boolean) => void (draft && !anew ? Promise.resolve() : keep(fresh())).then(() => setWriting(true))
  /** What could not be kept is said on the page, which still holds it. */
  const keep = (some: Draft) => store.set(some).then(() => setFull(false), () => setFull(true))
  // Land or products may have gone since the draft was begun: what cannot be seen is not sent.
  const seen = draft && { ...draft, sites: sites.filter((id) => draft.sites.includes(id)), products: products.filter((id) => draft.products.includes(id)) }
  if (writing && seen) {
    return (
      <>
        {full && <El as="p" cls="wrong stop" live>{t('draft_full')}</El>}
        <Steps kept={kept} draft={seen} stands={stands} before={versions.length > 0} change={(some) => void keep({ ...seen, ...some })} done={() => setWriting(false)} />
      </>
    )
  }
  return (
    <>
      <Card stands={stands} draft={!!draft} begin={begin} />
      {others.map((one) => <Told key={one.id} one={one} />)}
    </>
  )
}

const BEGIN: Partial<Record<Kind, 'd_begin' | 'd_go_on' | 'd_correct' | 'd_again'>> = { none: 'd_begin', due: 'd_begin', draft: 'd_go_on', returned: 'd_correct', refused: 'd_correct', approved: 'd_again' }

function Card({ stands, draft, begin }: { stands: Standing; draft: boolean; begin: (anew: boolean) => void }) {
  const t = useWords()
  const { kind, version, item } = stands
  const arrived = item?.state === 'delivered'
  const title = t('declare_of', { year: today().slice(0, 4) })
  const next = BEGIN[kind]
  return (
    <El as="section" cls="card" label={title}>
      <El as="h2">{title}</El>
      <El as="p"><El as="span" cls={`chip ${arrived ? 'lab' : CHIPS[kind]}`}>{t(arrived ? 'chip_submitted' : `chip_${kind}`)}</El></El>
      <El as="p" live>{t(arrived ? 'd_arrived' : `stands_${kind}`)}</El>
      {kind === 'refused' && item?.problem && <El as="p" cls="stop wrong">{item.problem.message}{item.problem.hint}</El>}
      {(kind === 'returned' || kind === 'draft') && version?.state === 'returned' && version.reason && <El as="p" cls="stop wrong">{t('d_why', { reason: version.reason })}</El>}
      {version && <Content one={version} />}
      {next && <Button cls="btn big" onTap={() => begin(false)}>{t(next)}</Button>}
      {draft && <Button cls="btn quiet" onTap={() => begin(true)}>{t('d_again_draft')}</Button>}
    </El>
  )
}

function Told({ one }: { one: Version }) {
  const t = useWords()
  const kind = one.state as Kind
  return (
    <El as="section" cls="card" label={season(one.season, t)}>
      {kind in CHIPS && <El as="p"><El as="span" cls={`chip ${CHIPS[kind]}`}>{t(`chip_${kind}`)}</El></El>}
      {one.reason && <El as="p" cls="stop wrong">{t('d_why', { reason: one.reason })}</El>}
      <Content one={one} />
    </El>
  )
}

function Content({ one }: { one: Version }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const rows = [
    [t('d_season'), `${season(one.season, t)} · ${dayOf(Date.parse(one.submitted_at))}`],
    [t('d_land'), one.sites.map((site) => site.name).join(' · ')],
    [t('d_products'), one.products.map((product) => product.name).join(' · ')],
    [t('d_planned'), one.planned.map((row) => `${one.products.find((product) => product.id === row.product_id)?.name ?? ''} ${amount(row, lang)}`).join(' · ')],
  ]
  return <>{rows.filter(([, text]) => text).map(([name, text]) => <El cls="said" key={name}><El as="p" cls="soft">{name}</El><El as="p">{text}</El></El>)}</>
}

export default started(Declare)
