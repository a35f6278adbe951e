/** The four steps of a declaration: land, products, promises, a last look. */
import { useRef, useState } from 'react'
import Taro from '@tarojs/taro'
import { lacking, seasons, toggled, type Amount, type Draft, type Lack, type Standing } from '@/rules/declaring'
import { declare } from '@/services/declaring'
import type { Farm } from '@/services/farming'
import { today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Box, Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { units } from '@/vocab'
import { commitments } from '@/vocab_declaring'
import { useWords } from '@/words'
import { amount, season } from './said'

const TITLES = ['d_land', 'd_products', 'd_promise', 'd_check'] as const
/** The step at which what is missing can be given. */
const WHERE: Record<Lack, number> = { sites: 0, products: 1, planned: 1, commitments: 2 }
const UNITS = units.filter((one) => ['kg', 'jin', 't', 'head', 'piece'].includes(one.code))

type Change = (some: Partial<Draft>) => void

export function Steps({ kept, draft, stands, before, change: keep, done }: { kept: Farm; draft: Draft; stands: Standing; before: boolean; change: Change; done: () => void }) {
  const t = useWords()
  const [step, setStep] = useState(0)
  const [problem, setProblem] = useState('')
  const busy = useRef(false)
  const change: Change = (some) => { setProblem(''); keep(some) }
  const go = (to: number) => { setProblem(''); setStep(to); void Taro.pageScrollTo({ scrollTop: 0, duration: 0 }) }
  const next = () => {
    const lack = lacking(draft, kept.kind ?? '')
    if (lack && WHERE[lack] <= step) return setProblem(t(`lack_${lack}`))
    go(step + 1)
  }
  const send = async () => {
    const lack = lacking(draft, kept.kind ?? '')
    if (lack || busy.current) return lack && go(WHERE[lack])
    busy.current = true
    try {
      await declare(kept.producer, draft, stands.item?.state === 'needs_fix' ? stands.item.id : undefined, t('d_title', { season: season(draft.season, t) }))
      done()
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  const reason = stands.version?.state === 'returned' ? stands.version.reason : null
  const title = t(TITLES[step] ?? 'd_check')
  return (
    <El as="section" cls="card" label={title}>
      <El as="p" cls="soft" live>{t('d_step', { step: step + 1 })}</El>
      <El as="h2">{title}</El>
      {reason && <El as="p" cls="stop wrong">{t('d_why', { reason })}</El>}
      {step === 0 && before && <El as="p" cls="next">{t('d_same')}</El>}
      {step === 0 && <Land kept={kept} draft={draft} fixed={stands.version?.state === 'returned'} change={change} />}
      {step === 1 && <Products kept={kept} draft={draft} change={change} />}
      {step === 2 && <Promises draft={draft} change={change} />}
      {step === 3 && <Check kept={kept} draft={draft} />}
      {problem && <El as="p" cls="wrong" live>{problem}</El>}
      {step < 3 ? <Button cls="btn big" onTap={next}>{t('d_next')}</Button> : <Button cls="btn big" onTap={() => void send()}>{t('d_send')}</Button>}
      {step > 0 && <Button cls="btn quiet" onTap={() => go(step - 1)}>{t('d_before')}</Button>}
    </El>
  )
}

function Ticks({ terms, chosen, onTap, label }: { terms: readonly { id: string; name: string; more?: string }[]; chosen: readonly string[]; onTap: (id: string) => void; label: string }) {
  return (
    <El cls="ticks" label={label}>
      {terms.map((one) => (
        <Button key={one.id} cls="tick" pressed={chosen.includes(one.id)} onTap={() => onTap(one.id)}>
          <Box on={chosen.includes(one.id)} />
          <El as="span" cls="grow"><El as="span" cls="line">{one.name}</El>{one.more && <El as="span" cls="line soft">{one.more}</El>}</El>
        </Button>
      ))}
    </El>
  )
}

function Land({ kept, draft, fixed, change }: { kept: Farm; draft: Draft; fixed: boolean; change: Change }) {
  const t = useWords()
  const terms = kept.sites.map((one) => ({ id: one.id, name: one.name, more: t('area', { mu: one.area_mu }) }))
  const named = seasons(today().slice(0, 4)).map((code) => ({ code, zh: season(code, t), en: season(code, t) }))
  return (
    <>
      <El as="p" cls="soft">{t(terms.length ? 'd_land_hint' : 'd_no_site')}</El>
      <Ticks label={t('d_land')} terms={terms} chosen={draft.sites} onTap={(id) => change({ sites: toggled(draft.sites, id) })} />
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/farmer/site/index' })}>{t('new_site')}</Button>
      <El as="h3">{t('d_season')}</El>
      {fixed ? <El as="p">{season(draft.season, t)}</El> : <Choices label={t('d_season')} terms={named} value={draft.season} onPick={(code) => change({ season: code })} />}
    </>
  )
}

function Products({ kept, draft, change }: { kept: Farm; draft: Draft; change: Change }) {
  const t = useWords()
  const chosen = kept.products.filter((one) => draft.products.includes(one.id))
  const plan = (id: string, some: Partial<Amount>) => change({ planned: { ...draft.planned, [id]: { ...first(draft, id), ...some } } })
  return (
    <>
      <El as="p" cls="soft">{t(kept.products.length ? 'd_land_hint' : 'd_no_product')}</El>
      <Ticks label={t('d_products')} terms={kept.products} chosen={draft.products} onTap={(id) => change({ products: toggled(draft.products, id) })} />
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/farmer/product/index' })}>{t('new_product')}</Button>
      {chosen.map((one) => (
        <El cls="mix" key={one.id}>
          <Field label={t('d_planned_of', { name: one.name })} kind="number" value={first(draft, one.id).amount} onChange={(text) => plan(one.id, { amount: text })} hint={t('d_planned_hint')} max={13} />
          <Choices label={`${one.name} ${t('d_unit')}`} terms={UNITS} value={first(draft, one.id).unit} onPick={(unit) => plan(one.id, { unit })} />
        </El>
      ))}
    </>
  )
}

function first(draft: Draft, id: string): Amount {
  return draft.planned[id] ?? { amount: '', unit: 'kg' }
}

function Promises({ draft, change }: { draft: Draft; change: Change }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <>
      <El as="p" cls="soft">{t('d_promise_hint')}</El>
      <Ticks label={t('d_promise')} terms={commitments.map((one) => ({ id: one.code, name: one[lang] }))} chosen={draft.agreed} onTap={(code) => change({ agreed: toggled(draft.agreed, code) })} />
    </>
  )
}

function Check({ kept, draft }: { kept: Farm; draft: Draft }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const named = (all: readonly { id: string; name: string }[], ids: readonly string[]) => all.filter((one) => ids.includes(one.id)).map((one) => one.name).join(' · ')
  const planned = kept.products.filter((one) => draft.products.includes(one.id) && first(draft, one.id).amount.trim())
  const rows = [
    [t('d_season'), season(draft.season, t)],
    [t('d_land'), named(kept.sites, draft.sites)],
    [t('d_products'), named(kept.products, draft.products)],
    [t('d_planned'), planned.map((one) => `${one.name} ${amount(first(draft, one.id), lang)}`).join(' · ')],
    [t('d_promise'), t('d_promises')],
  ]
  return <>{rows.filter(([, text]) => text).map(([name, text]) => <El cls="said" key={name}><El as="p" cls="soft">{name}</El><El as="p">{text}</El></El>)}</>
}
