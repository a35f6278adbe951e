/** What goes in and what comes out when goods are split, put together, sorted or processed. */
import { balanced, inUnit, lost, MOST_PARTS, sum, type Goods, type Made, type Move } from '@/rules/moving'
import { freshId } from '@/services/outbox'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { useWords } from '@/words'
import { amount } from '@/ui/goods'
import { MuchField } from './much'

export type Change = (some: Partial<Move>) => void

/** The parts that come out. */
export function Parts({ move, change, lot }: { move: Move; change: Change; lot: Goods }) {
  const t = useWords()
  const set = (place: number, some: Partial<Made>) => change({ makes: move.makes.map((one, at) => (at === place ? { ...one, ...some } : one)) })
  const named = move.kind !== 'split'
  return (
    <>
      {move.makes.map((one, place) => (
        <El key={one.client_id} cls="mix">
          <MuchField text={(unit) => t('part_number', { number: place + 1, unit })} value={one} onChange={(value) => set(place, value)} />
          {named && <Field label={t(move.kind === 'transform' ? 'new_name_must' : 'new_name')} value={one.product_name ?? ''} onChange={(product_name) => set(place, { product_name })} max={60} />}
        </El>
      ))}
      <El cls="pair">
        {move.makes.length < MOST_PARTS && <Button cls="btn quiet" onTap={() => change({ makes: [...move.makes, { client_id: freshId(), amount: '', unit: lot.unit }] })}>{t('more_parts')}</Button>}
        {move.makes.length > (move.kind === 'split' ? 2 : 1) && <Button cls="btn quiet" onTap={() => change({ makes: move.makes.slice(0, -1) })}>{t('less_parts')}</Button>}
      </El>
      <Balance move={move} lot={lot} />
    </>
  )
}

/** What stays, or what is lost, told while it is typed. */
function Balance({ move, lot }: { move: Move; lot: Goods }) {
  const t = useWords()
  const { lang } = useStore(settings)
  if (move.kind === 'split') {
    const stays = lot.loose - sum(move.makes)
    return stays >= 0 ? <El as="p" live>{t('stays', { left: amount(stays, lot.unit, lang) })}</El> : <El as="p" cls="wrong" live>{t('move_certified', { left: amount(lot.loose, lot.unit, lang) })}</El>
  }
  const gone = lost(move)
  if (gone === undefined || !sum(move.makes)) return null
  if (gone < 0) return <El as="p" cls="wrong" live>{t('move_more_out')}</El>
  return <El as="p" cls={gone ? 'hold' : ''} live>{gone ? t('loses', { amount: amount(gone, lot.unit, lang) }) : t('loses_none')}</El>
}

/** The other lots that go in, of the same kind and without a certificate. */
export function Others({ move, change, lot, goods }: { move: Move; change: Change; lot: Goods; goods: readonly Goods[] }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const others = goods.filter((one) => one.id !== lot.id && one.crop === lot.crop && one.loose > 0 && one.state === 'free')
  const taken = (one: Goods) => move.takes.some((line) => line.lot_id === one.id)
  const toggle = (one: Goods) => change({
    takes: taken(one) ? move.takes.filter((line) => line.lot_id !== one.id) : [...move.takes, { lot_id: one.id, amount: inUnit(one.loose, one.unit), unit: one.unit }],
  })
  return (
    <>
      <El as="h3">{t('with_which')}</El>
      {others.length === 0 && <El as="p" cls="soft">{t('with_none')}</El>}
      <El cls="choices">{others.map((one) => (
        <Button key={one.id} cls="choice" pressed={taken(one)} onTap={() => toggle(one)}>{one.born_on} {one.product_name} {amount(one.loose, one.unit, lang)}</Button>
      ))}</El>
      {move.takes.slice(1).map((line) => {
        const one = goods.find((known) => known.id === line.lot_id)
        if (!one) return null
        return <MuchField key={line.lot_id} text={(unit) => `${one.born_on} ${t('how_much', { unit })}`} value={line} hint={t('at_most_loose', { left: amount(one.loose, one.unit, lang) })} onChange={(value) => change({ takes: move.takes.map((known) => (known.lot_id === line.lot_id ? { ...known, ...value } : known)) })} />
      })}
      {move.kind === 'merge' && sum(balanced(move).makes) > 0 && <El as="p" cls="good" live>{t('becomes', { amount: amount(sum(move.takes), lot.unit, lang) })}</El>}
    </>
  )
}
