/** Doing one thing to a lot: how much, to whom or what comes out, and it is kept. Works without signal. */
import { useRef, useState } from 'react'
import { useRouter } from '@tarojs/taro'
import { allowed, balanced, converts, inUnit, sum, wish, wrongWith, type Goods, type Move, type MoveKind } from '@/rules/moving'
import type { Item } from '@/outbox/rules'
import { correctMove, lots, move as keepMove, story } from '@/services/goods'
import { freshId, theOutbox } from '@/services/outbox'
import { today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field, Fold } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { goBack } from '@/ui/leaving'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'
import { amount, useGoods, useOpened } from '@/ui/goods'
import { destroyReasons } from '../terms'
import { MuchField } from './much'
import { Others, Parts } from './parts'
import { Whom } from './whom'

/** Before the receiver in a title. */
const ARROW = ' → '

function MovePage() {
  const t = useWords()
  const { kind = 'ship', lot = '', item = '' } = useRouter().params
  const correcting = theOutbox().list().find((one) => one.id === item && one.kind === 'move')
  const said = correcting && wish(correcting.body, correcting.title.split(ARROW)[1] ?? '')
  const id = said?.takes[0]?.lot_id ?? decodeURIComponent(lot)
  const fresh = useOpened()
  const goods = useGoods(correcting?.id)
  const one = goods.find((known) => known.id === id)
  const title = t(`m_${said?.kind ?? kind as MoveKind}`)
  return (
    <Page title={title}>
      {!one && fresh === undefined && <El as="p" cls="lead" live>{t('loading')}</El>}
      {!one && fresh !== undefined && <El as="p" cls="card">{t('lot_unknown')}</El>}
      {one && <Form key={one.id} kind={said?.kind ?? kind as MoveKind} lot={one} goods={goods} said={said} correcting={correcting} />}
    </Page>
  )
}

/** All of it, unless a person says less: then most things take one number fewer. */
function first(kind: MoveKind, lot: Goods, to: Move['to']): Move {
  const most = converts(kind) ? lot.loose : lot.onHand
  const all = { amount: inUnit(most, lot.unit), unit: lot.unit }
  const part = () => ({ client_id: freshId(), amount: '', unit: lot.unit })
  const makes = kind === 'split' ? [part(), part()] : converts(kind) ? [part()] : []
  const asked = kind === 'retail' || kind === 'destroy' ? { ...all, amount: '' } : all
  return { kind, takes: [{ lot_id: lot.id, ...asked }], makes, to, partner: '', place: '', reason: '', note: '', happened_on: today() }
}

interface Given { kind: MoveKind; lot: Goods; goods: readonly Goods[]; said?: Move; correcting?: Item }

function Form({ kind, lot, goods, said, correcting }: Given) {
  const t = useWords()
  const { lang } = useStore(settings)
  const sender = useSender(lot.id)
  const seller = useStore(story(lot.id))?.events.find((one) => one.kind === 'intake')?.partner
  const [move, setMove] = useState<Move>(() => said ?? first(kind, lot, kind === 'return' ? sender : undefined))
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const [sure, setSure] = useState(kind !== 'destroy')
  const busy = useRef(false)
  const change = (some: Partial<Move>) => { setMove((before) => balanced({ ...before, ...some })); setProblem('') }
  const save = async () => {
    const wrong = allowed(kind, lot.state) ? wrongWith(move, goods, today()) : { word: 'move_stopped' as const }
    if (wrong || busy.current) return setProblem(wrong ? t(wrong.word, wrong.params) : '')
    if (!sure) return setSure(true)
    busy.current = true
    const whom = move.to?.name ?? move.partner.trim()
    const title = [t(`m_${kind}`), lot.product_name, amount(sum(move.takes), lot.unit, lang)].join(' ') + (whom && ARROW + whom)
    try {
      await (correcting ? correctMove(correcting, move, title) : keepMove(move, title))
      await goBack('/farmer/lots/index')
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  return (
    <El as="section" cls="card">
      <El as="h2">{lot.product_name}{lot.variety ? ` · ${lot.variety}` : ''}</El>
      {kind !== 'split' && <Much move={move} change={change} lot={lot} />}
      {converts(kind) && lot.onHand > lot.loose && <El as="p" cls="hold">{t('certified_stays')}</El>}
      {kind === 'ship' && <Whom move={move} change={change} />}
      {kind === 'return' && (move.to?.name ?? seller) && <El as="p" cls="picked">{t('back_to')}：<El as="strong">{move.to?.name ?? seller}</El></El>}
      {(kind === 'merge' || kind === 'repack') && <Others move={move} change={change} lot={lot} goods={goods} />}
      {converts(kind) && kind !== 'merge' && <Parts move={move} change={change} lot={lot} />}
      {(kind === 'market' || kind === 'retail') && <Field label={t(kind === 'market' ? 'which_market' : 'sold_where')} value={move.place} onChange={(place) => change({ place })} max={80} />}
      {kind === 'destroy' && <><El as="h3">{t('destroy_why')}</El><Choices label={t('destroy_why')} terms={destroyReasons} value={move.reason} onPick={(reason) => change({ reason })} /></>}
      <Fold summary={`${t('when')}：${move.happened_on} · ${t('note')}`}>
        <El cls="lines">
          <Field label={t('when')} kind="day" value={move.happened_on} onChange={(happened_on) => change({ happened_on })} />
          <Field label={t('note')} value={move.note} onChange={(note) => change({ note })} max={200} />
        </El>
      </Fold>
      {problem && <El as="p" cls="wrong stop" live>{problem}</El>}
      <Button cls={kind === 'destroy' ? 'btn big danger' : 'btn big'} onTap={() => void save()}>{t(kind === 'destroy' && sure ? 'g_destroy_sure' : `g_${kind}`)}</Button>
    </El>
  )
}

function Much({ move, change, lot }: { move: Move; change: (some: Partial<Move>) => void; lot: Goods }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [line] = move.takes
  if (!line) return null
  const hint = converts(move.kind) ? t('at_most_loose', { left: amount(lot.loose, lot.unit, lang) }) : t('at_most', { left: amount(lot.onHand, lot.unit, lang) })
  return <MuchField text={(unit) => t('how_much', { unit })} value={line} hint={hint} onChange={(value) => change({ takes: [{ ...line, ...value }, ...move.takes.slice(1)] })} />
}

/** Who sent a lot: whose its parents are, by the name its history gives. */
function useSender(id: string): Move['to'] {
  const t = useWords()
  const parent = useStore(lots())?.find((one) => one.id === id)?.parents[0]?.lot_id
  const name = useStore(story(id))?.nodes.find((node) => node.step === -1)?.holder
  return parent ? { id: parent.slice(0, parent.indexOf('.')), name: name ?? t('way_other') } : undefined
}

export default started(MovePage)
