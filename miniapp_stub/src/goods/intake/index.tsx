/** Goods that were bought outside the platform: what, from whom, and the paper they came with; or a paper that came later. Works without signal. */
import { useRef, useState } from 'react'
import { useRouter } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { intakeSaid, paperSaid, wrongIntake, wrongPaper, type Intake, type Paper } from '@/rules/intake'
import { inUnit, type Goods, type Wrong } from '@/rules/moving'
import { correctIntake, correctPaper, enterPaper, takeIn } from '@/services/goods'
import { theOutbox } from '@/services/outbox'
import { today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { amount, useGoods, useOpened } from '@/ui/goods'
import { goBack } from '@/ui/leaving'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { label, units } from '@/vocab'
import { useWords, type Say } from '@/words'
import type { Key } from '@/words/dictionary'
import { CameFields, PaperFields } from './fields'

const NOTHING: Intake = { crop: '', name: '', variety: '', amount: '', unit: 'kg', partner: '', place: '', happened_on: '' }

function IntakePage() {
  const t = useWords()
  const { lot = '', item = '' } = useRouter().params
  useOpened()
  const correcting = theOutbox().list().find((one) => one.id === item)
  const id = correcting?.kind === 'proof' ? String(correcting.body.lot_id) : decodeURIComponent(lot)
  const one = useGoods(correcting?.id).find((known) => known.id === id)
  return (
    <Page title={t(id ? 'paper_enter' : 'intake')}>
      {id && !one && <El as="p" cls="card">{t('lot_unknown')}</El>}
      {id && one && <Later key={one.id} lot={one} correcting={correcting} />}
      {!id && <Coming correcting={correcting} />}
    </Page>
  )
}

/** A fault in words: what is missing is named by its own word. */
function told(t: Say, wrong: Wrong): string {
  const what = wrong.params?.what
  return t(wrong.word, what ? { what: t(what as Key) } : wrong.params)
}

function fault(item: Item | undefined): string {
  return item?.problem ? `${item.problem.message}${item.problem.hint ?? ''}` : ''
}

/** The form's own care: one tap is one thing, and a full phone is told. */
function useKeeping(before: string): { problem: string; say: (text: string) => void; keep: (done: () => Promise<void>) => Promise<void> } {
  const t = useWords()
  const [problem, say] = useState(before)
  const busy = useRef(false)
  const keep = async (done: () => Promise<void>) => {
    if (busy.current) return
    busy.current = true
    try {
      await done()
      await goBack('/farmer/lots/index')
    } catch {
      busy.current = false
      say(t('storage_full'))
    }
  }
  return { problem, say, keep }
}

function Coming({ correcting }: { correcting?: Item }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const said = correcting && intakeSaid(correcting.body)
  const [came, setCame] = useState<Intake>(said?.intake ?? { ...NOTHING, happened_on: today() })
  const [paper, setPaper] = useState<Paper>({ kind: '', number: '', issuer: '', issued_on: today(), amount: '', unit: '' })
  const { problem, say, keep } = useKeeping(fault(correcting))
  const save = () => {
    const whole = { ...paper, issuer: paper.issuer || came.partner, amount: came.amount, unit: came.unit }
    const wrong = wrongIntake(came, today()) ?? (paper.kind ? wrongPaper(whole, today()) : undefined)
    if (wrong) return say(told(t, wrong))
    const much = `${came.amount} ${label(units, came.unit, lang)}`
    const title = t('t_intake', { name: came.name, amount: much })
    void keep(() => (correcting && said ? correctIntake(correcting, came, said.lot, title) : takeIn(came, title, paper.kind ? { paper: whole, title: t('t_paper', { number: paper.number }) } : undefined)))
  }
  return (
    <>
      <El as="section" cls="card">
        <CameFields came={came} change={(some) => { setCame({ ...came, ...some }); say('') }} />
      </El>
      {!correcting && (
        <El as="section" cls="card">
          <El as="h2">{t('paper_which')}</El>
          <El as="p" cls="soft">{t('paper_why')}</El>
          <PaperFields paper={{ ...paper, issuer: paper.issuer || came.partner }} none change={(some) => { setPaper({ ...paper, ...some }); say('') }} />
        </El>
      )}
      {problem && <El as="p" cls="wrong stop" live>{problem}</El>}
      <Button cls="btn big" onTap={save}>{t('intake_save')}</Button>
    </>
  )
}

function Later({ lot, correcting }: { lot: Goods; correcting?: Item }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [paper, setPaper] = useState<Paper>(() => (correcting ? paperSaid(correcting.body) : { kind: '', number: '', issuer: '', issued_on: today(), amount: inUnit(lot.onHand, lot.unit), unit: lot.unit }))
  const { problem, say, keep } = useKeeping(fault(correcting))
  const save = () => {
    const wrong = wrongPaper(paper, today())
    if (wrong) return say(told(t, wrong))
    const title = t('t_paper', { number: paper.number })
    void keep(() => (correcting ? correctPaper(correcting, paper, title) : enterPaper(lot.id, paper, title)))
  }
  return (
    <El as="section" cls="card">
      <El as="h2">{lot.product_name}{lot.variety ? ` · ${lot.variety}` : ''}</El>
      <El as="p">{t('goods_now', { amount: amount(lot.onHand, lot.unit, lang) })}</El>
      <PaperFields paper={paper} much change={(some) => { setPaper({ ...paper, ...some }); say('') }} />
      {problem && <El as="p" cls="wrong stop" live>{problem}</El>}
      <Button cls="btn big" onTap={save}>{t('paper_save')}</Button>
    </El>
  )
}

export default started(IntakePage)
