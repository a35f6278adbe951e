/** Asking for a certificate: how much, on what it rests, what the gate says and what to do about it, then the certificate. */
import { useEffect, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { ApiError } from '@/api/request'
import { chosen, wrongWith, type Choice } from '@/rules/certifying'
import { check, choiceFor, issue, keepChoice, lots, openLots, proofsOf, type Checked, type Lot, type Proof } from '@/services/certificates'
import { useOutbox } from '@/services/outbox'
import { isBuyer, session } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { attempt, tell } from '@/ui/failing'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Proofs } from '@/ui/proofs'
import { label, units } from '@/vocab'
import { useWords } from '@/words'
import type { Key } from '@/words/dictionary'
import { bases, certificateNotices } from '../terms'
import { Refusals } from './refusals'

function Certify() {
  const t = useWords()
  const id = decodeURIComponent(useRouter().params.lot ?? '')
  const [ready, setReady] = useState(false)
  const lot = useStore(lots())?.find((one) => one.id === id)
  useEffect(() => { void openLots().then(() => setReady(true)) }, [])
  return (
    <Page title={t('certify')}>
      {!ready && <El as="p" cls="lead" live>{t('loading')}</El>}
      {ready && !lot && <El as="p" cls="card">{t('lot_unknown')}</El>}
      {ready && lot && <Form key={lot.id} lot={lot} />}
    </Page>
  )
}

const BASIS_WORDS: Record<string, Key> = { quality_control: 'basis_control', self_tested: 'basis_self', commissioned_test: 'basis_lab' }

type Said = { kind: 'nothing' } | { kind: 'busy' } | { kind: 'checked'; checked: Checked } | { kind: 'problem'; text: string } | { kind: 'lost' }

function Form({ lot }: { lot: Lot }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [choice, setChoice] = useState<Choice>(() => choiceFor(lot))
  const [said, setSaid] = useState<Said>(choice.asked ? { kind: 'lost' } : { kind: 'nothing' })
  const [proofs, setProofs] = useState<Proof[]>([])
  useEffect(() => { void proofsOf(lot.id).then(setProofs, () => undefined) }, [lot.id])
  const others = isBuyer(useStore(session)) || proofs.length > 0
  const unit = label(units, lot.unit, lang)
  const change = (some: Partial<Choice>) => {
    const next = chosen(choice, some)
    setChoice(next)
    setSaid(next.asked ? { kind: 'lost' } : { kind: 'nothing' })
    attempt(keepChoice(lot, next), 'draft_full')
  }
  const ask = () => asked(lot, choice, t).then(setSaid)
  const arrived = useOutbox().filter((item) => item.state === 'delivered').length
  useEffect(() => { if (said.kind === 'checked' && !said.checked.allowed) void ask() }, [arrived]) // what was corrected may answer it
  const go = async () => {
    setSaid({ kind: 'busy' })
    const answer = await issue(lot, choice).catch((error: unknown) => tell(error))
    if (!answer) return setSaid({ kind: 'nothing' })
    setChoice(choiceFor(lot))
    if (answer.kind === 'issued') return void Taro.redirectTo({ url: `/farmer/certificate/index?id=${encodeURIComponent(answer.certificate.id)}&fresh=1` })
    if (answer.kind === 'lost') return setSaid(answer.nobody ? { kind: 'problem', text: t('nobody') } : { kind: 'lost' })
    setSaid(answer.refusals.length ? { kind: 'checked', checked: { allowed: false, refusals: answer.refusals, flags: [] } } : { kind: 'problem', text: answer.message })
  }
  return (
    <>
      <El as="section" cls="card">
        <El as="h2">{lot.product_name}{lot.variety ? ` · ${lot.variety}` : ''}</El>
        <El as="p" cls="soft">{t('harvested_on', { day: lot.harvested_on })}</El>
        {others && <Parents proofs={proofs} />}
        <Field label={t('certify_amount', { unit })} kind="number" value={choice.amount} onChange={(amount) => change({ amount: amount.trim() })} hint={t('certify_left', { left: `${lot.left} ${unit}` })} max={13} />
        {choice.amount !== lot.left && !choice.asked && <Button cls="btn quiet" onTap={() => change({ amount: lot.left })}>{t('take_all')}</Button>}
        <El as="h3">{t('bases_title')}</El>
        <El cls="choices">{bases.map(({ code }) => (
          <Button key={code} cls="choice" pressed={choice.bases.includes(code)} onTap={() => change({ bases: choice.bases.includes(code) ? choice.bases.filter((one) => one !== code) : [...choice.bases, code] })}>{t(others && code === 'quality_control' ? 'basis_buyer' : BASIS_WORDS[code] ?? 'basis_control')}</Button>
        ))}</El>
        {said.kind === 'nothing' && <Button cls="btn big" onTap={() => { setSaid({ kind: 'busy' }); void ask() }}>{t('check_now')}</Button>}
      </El>
      {said.kind === 'busy' && <El as="p" cls="lead" live>{t('checking')}</El>}
      {said.kind === 'problem' && <El as="section" cls="card"><El as="p" cls="wrong" live>{said.text}</El><Button onTap={() => void ask()}>{t('retry')}</Button></El>}
      {said.kind === 'lost' && <El as="section" cls="card lost"><El as="p" cls="hold" live>{t('certify_lost')}</El><Button cls="btn big" onTap={() => void go()}>{t('ask_again')}</Button></El>}
      {said.kind === 'checked' && said.checked.allowed && <Allowed flags={said.checked.flags} go={() => void go()} />}
      {said.kind === 'checked' && !said.checked.allowed && <Refusals lot={lot} refusals={said.checked.refusals} change={change} again={() => void ask()} />}
    </>
  )
}

async function asked(lot: Lot, choice: Choice, t: ReturnType<typeof useWords>): Promise<Said> {
  const wrong = wrongWith(choice, lot)
  if (wrong) return { kind: 'problem', text: t(wrong) }
  try {
    return { kind: 'checked', checked: await check(lot, choice) }
  } catch (error) {
    if (!(error instanceof ApiError) || error.offline) return { kind: 'problem', text: t('certify_needs_signal') }
    return { kind: 'problem', text: error.status === 401 ? t('nobody') : `${error.message}${error.hint}` }
  }
}

/** Goods of others are certified on a form of their own, which names the certificates they came with. */
function Parents({ proofs }: { proofs: readonly Proof[] }) {
  const t = useWords()
  return (
    <>
      <El as="p" cls="next">{t('certify_buyer')}</El>
      {proofs.length > 0 && <El as="h3">{t('certify_parents')}</El>}
      <Proofs proofs={proofs} />
    </>
  )
}

function Allowed({ flags, go }: { flags: string[]; go: () => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <El as="section" cls="card">
      <El as="h2" cls="good">✓ {t('allowed')}</El>
      <El as="p">{t('allowed_hint')}</El>
      {certificateNotices.filter((one) => flags.includes(one.code)).map((one) => <El as="p" cls="strip" key={one.code}>{one[lang]}</El>)}
      <Button cls="btn big" onTap={go}>{t('issue_now')}</Button>
    </El>
  )
}

export default started(Certify)
