/** One input on the shelf: counting what is really there, and what came and went. */
import { useEffect, useRef, useState } from 'react'
import { useRouter } from '@tarojs/taro'
import { measured, plain } from '@/rules/telling'
import { farm, type Shelf } from '@/services/farming'
import { useOutbox } from '@/services/outbox'
import { count, history, refreshHistory, type Movement } from '@/services/stock'
import { today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { label, stockMovements, units } from '@/vocab'
import { useWords } from '@/words'
import { useFresh } from '../fresh'

const AMOUNT = /^\d{1,9}(\.\d{1,3})?$/

function OneShelf() {
  const t = useWords()
  const item = decodeURIComponent(useRouter().params.item ?? '')
  const ready = useFresh()
  const kept = useStore(farm())
  const moved = useStore(history(item))
  const arrived = useOutbox().filter((one) => one.state === 'delivered').length
  useEffect(() => { void history(item).load().then(() => refreshHistory(item)).catch(() => undefined) }, [item, arrived, kept?.producer])
  const one = kept?.shelf.find((known) => known.item === item)
  return (
    <Page title={t('count_and_history')}>
      {!one && <El as="p" cls="lead" live>{t(ready ? 'shelf_none' : 'loading')}</El>}
      {one && <Count key={one.item} one={one} />}
      {moved.length > 0 && <El as="section" cls="card" label={t('history')}><El as="h2">{t('history')}</El>{moved.map((movement) => <Moved key={movement.id} movement={movement} />)}</El>}
    </Page>
  )
}

function Count({ one }: { one: Shelf }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [amount, setAmount] = useState('')
  const [unit, setUnit] = useState(one.unit ?? '')
  const [told, setTold] = useState('')
  const busy = useRef(false)
  const dimension = units.find((known) => known.code === one.unit)?.dimension
  const fitting = units.filter((known) => (dimension ? known.dimension === dimension : ['mass', 'volume'].includes(known.dimension)))
  const save = async () => {
    if (!AMOUNT.test(amount)) return setTold(t('missing', { what: t('really_there') }))
    if (!unit) return setTold(t('missing', { what: t('unit') }))
    if (busy.current) return
    busy.current = true
    const done = await count(one, amount, unit, today(), t('count_title', { name: one.name })).then(() => t('saved'), () => t('storage_full'))
    busy.current = false
    setTold(done)
    if (done === t('saved')) setAmount('')
  }
  return (
    <El as="section" cls="card" label={one.name}>
      <El as="h2">{one.name}</El>
      <El as="p" cls="lead">{!one.unit ? t('unmeasured') : one.short ? t('short_by', { amount: measured(one.on_hand.replace('-', ''), one.unit, lang) }) : t('on_hand', { amount: measured(one.on_hand, one.unit, lang) })}</El>
      {one.unmeasured_uses > 0 && <El as="p" cls="soft">{t('unmeasured_uses', { count: one.unmeasured_uses })}</El>}
      <Field label={t('really_there')} kind="number" value={amount} onChange={setAmount} hint={t('really_there_hint')} max={12} />
      <Choices label={t('unit')} terms={fitting} value={unit} onPick={setUnit} />
      <Button onTap={() => void save()}>{t('count_it')}</Button>
      {told && <El as="p" live>{told}</El>}
    </El>
  )
}

function Moved({ movement }: { movement: Movement }) {
  const { lang } = useStore(settings)
  const sign = movement.amount && !movement.amount.startsWith('-') ? '+' : ''
  return (
    <El cls="row moved">
      <El as="span" cls="grow">{movement.day} {label(stockMovements, movement.kind, lang)}</El>
      {movement.amount && <El as="span">{sign}{plain(movement.amount)} {label(units, movement.unit ?? '', lang)}</El>}
    </El>
  )
}

export default started(OneShelf)
