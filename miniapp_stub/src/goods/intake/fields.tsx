/** The questions about goods from outside, and about the paper they came with. */
import { useState } from 'react'
import type { Intake, Paper } from '@/rules/intake'
import { farm } from '@/services/farming'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field, Fold } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { cropClasses, crops, label, units } from '@/vocab'
import { useWords } from '@/words'
import { proofKinds } from '../terms'

const NONE = 'none'
const SOLD_IN = units.filter((one) => ['kg', 'jin', 't', 'piece', 'head'].includes(one.code))

export function CameFields({ came, change }: { came: Intake; change: (some: Partial<Intake>) => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <>
      <What came={came} change={change} />
      {came.crop && (
        <>
          <Field label={t('how_much', { unit: label(units, came.unit, lang) })} kind="number" value={came.amount} onChange={(amount) => change({ amount: amount.trim() })} max={13} />
          <Choices label={t('unit')} terms={SOLD_IN} value={came.unit} onPick={(unit) => change({ unit })} />
          <Field label={t('bought_from')} value={came.partner} onChange={(partner) => change({ partner })} hint={t('bought_from_hint')} max={80} />
          <Field label={t('grown_where')} value={came.place} onChange={(place) => change({ place })} max={80} />
          <Fold summary={`${t('when')}：${came.happened_on} · ${t('variety')}`}>
            <El cls="lines">
              <Field label={t('when')} kind="day" value={came.happened_on} onChange={(happened_on) => change({ happened_on })} />
              <Field label={t('variety')} value={came.variety} onChange={(variety) => change({ variety })} max={60} />
            </El>
          </Fold>
        </>
      )}
    </>
  )
}

/** One's own products first, else out of the list of crops. */
function What({ came, change }: { came: Intake; change: (some: Partial<Intake>) => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const own = useStore(farm())?.products ?? []
  const [other, setOther] = useState(false)
  const [kind, setKind] = useState(() => crops.find((one) => one.code === came.crop)?.class ?? '')
  const listed = other || own.length === 0
  return (
    <>
      <El as="h2">{t('came_what')}</El>
      {!listed && (
        <El cls="choices" label={t('product')}>
          {own.map((one) => <Button key={one.id} cls="choice" pressed={came.crop === one.crop && came.name === one.name} onTap={() => change({ crop: one.crop, name: one.name })}>{one.name}</Button>)}
          <Button cls="choice" onTap={() => setOther(true)}>{t('another_product')}</Button>
        </El>
      )}
      {listed && <Choices label={t('product_class')} terms={cropClasses} value={kind} onPick={(code) => { setKind(code); change({ crop: '', name: '' }) }} />}
      {listed && kind && <Choices label={t('product')} terms={crops.filter((one) => one.class === kind)} value={came.crop} onPick={(code) => change({ crop: code, name: label(crops, code, lang) })} />}
    </>
  )
}

/** `none`: one may say that there is no paper yet; `much`: for how much it stands is asked too. */
export function PaperFields({ paper, change, none, much }: { paper: Paper; change: (some: Partial<Paper>) => void; none?: boolean; much?: boolean }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const kinds = none ? [...proofKinds, { code: NONE, zh: t('paper_none'), en: t('paper_none') }] : proofKinds
  return (
    <>
      <Choices label={t('paper_kind')} terms={kinds} value={paper.kind || (none ? NONE : '')} onPick={(code) => change({ kind: code === NONE ? '' : code })} />
      {!paper.kind && none && <El as="p" cls="hold">{t('paper_none_means')}</El>}
      {paper.kind && (
        <El cls="lines">
          <Field label={t('paper_number')} value={paper.number} onChange={(number) => change({ number })} hint={t('paper_number_hint')} max={80} />
          <Field label={t('paper_issuer')} value={paper.issuer} onChange={(issuer) => change({ issuer })} max={80} />
          {much && <Field label={t('paper_much', { unit: label(units, paper.unit, lang) })} kind="number" value={paper.amount} onChange={(amount) => change({ amount: amount.trim() })} max={13} />}
          <Field label={t('paper_day')} kind="day" value={paper.issued_on} onChange={(issued_on) => change({ issued_on })} />
        </El>
      )}
    </>
  )
}
