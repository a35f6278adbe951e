/** The book of goods 进销货台账, month by month: what came, what went, what is left; exported as a sheet. */
import { useEffect, useState } from 'react'
import { after, closing, days, key, shifted, type Total } from '@/rules/book'
import { base, inUnit } from '@/rules/moving'
import { plain } from '@/rules/telling'
import { book, changes, lots, refreshBook, workbook, type Book, type LotLike } from '@/services/goods'
import { openLots } from '@/services/certificates'
import { session, today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Fold } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { giveFile } from '@/ui/platform'
import { label, units } from '@/vocab'
import { useWords } from '@/words'
import { lotEvents } from '../terms'

const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const MONTHS_BACK = 11

function BookPage() {
  const t = useWords()
  const known = useStore(session)
  const [month, setMonth] = useState(() => today().slice(0, 7))
  const newest = month === today().slice(0, 7)
  const oldest = month <= shifted(today().slice(0, 7), -MONTHS_BACK)
  const [year = '', number = ''] = month.split('-')
  if (!known) return <Page title={t('book')}><El as="p" cls="card">{t('nobody')}</El></Page>
  return (
    <Page title={t('book')}>
      <El as="p" cls="soft">{t('book_hint')}</El>
      <El as="h2">{t('book_month', { year, month: Number(number) })}</El>
      <El cls="pair">
        {!oldest && <Button cls="btn quiet" onTap={() => setMonth(shifted(month, -1))}>{t('month_before')}</Button>}
        {!newest && <Button cls="btn quiet" onTap={() => setMonth(shifted(month, 1))}>{t('month_after')}</Button>}
      </El>
      <Month key={month} month={month} newest={newest} />
    </Page>
  )
}

function Month({ month, newest }: { month: string; newest: boolean }) {
  const t = useWords()
  const kept = useStore(book(month))
  const span = days(month, today())
  const [unread, setUnread] = useState(false)
  const left = useClosing(span.until)
  useEffect(() => { void book(month).load().then(() => refreshBook(month, span)).then(() => setUnread(false), () => setUnread(true)) }, [month])
  return (
    <>
      {unread && <El as="p" cls="strip" live>{t(kept ? 'lots_old' : 'book_unread')}</El>}
      {!kept && !unread && <El as="p" cls="lead" live>{t('loading')}</El>}
      {kept?.totals.length === 0 && <El as="p" cls="card soft">{t('book_none')}</El>}
      {kept?.totals.map((total) => <Sum key={key(total)} total={total} left={left?.get(key(total))} newest={newest} />)}
      {!!kept?.lines.length && <Lines known={kept} />}
      {kept && <Export span={span} month={month} />}
    </>
  )
}

/** What is on hand now by product, less what came and went since; undefined until both are known. */
function useClosing(until: string): Map<string, number> | undefined {
  const known = useStore(lots())
  const [since, setSince] = useState<Total[]>()
  useEffect(() => {
    const later = until < today() ? changes({ since: after(until), until: today() }) : Promise.resolve([])
    void openLots().then((fresh) => (fresh ? later : undefined)).then(setSince, () => setSince(undefined))
  }, [until])
  return known && since ? closing(onHand(known), since) : undefined
}

function onHand(known: readonly LotLike[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const lot of known) {
    const mass = units.find((one) => one.code === lot.unit)?.dimension === 'mass'
    const unit = mass ? 'kg' : lot.unit
    const at = key({ product_name: lot.product_name, unit })
    sums.set(at, (sums.get(at) ?? 0) + Number(inUnit(base(lot.on_hand, lot.unit) || 0, unit)))
  }
  return sums
}

function Sum({ total, left, newest }: { total: Total; left?: number; newest: boolean }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const unit = label(units, total.unit, lang)
  const rows: [string, string][] = [[t('book_in'), total.in], [t('book_out'), total.out], ...(Number(total.lost) ? [[t('book_lost'), total.lost] as [string, string]] : [])]
  return (
    <El as="section" cls="card" label={total.product_name}>
      <El as="h2">{total.product_name}</El>
      <El as="dl">
        {rows.map(([name, value]) => <El key={name} cls="fact"><El as="dt">{name}</El><El as="dd">{plain(value)} {unit}</El></El>)}
        {left !== undefined && <El cls="fact"><El as="dt">{t(newest ? 'book_left_now' : 'book_left')}</El><El as="dd" cls="strong">{plain(left.toFixed(3))} {unit}</El></El>}
      </El>
    </El>
  )
}

function Lines({ known }: { known: Book }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const sides: Record<string, string> = { in: t('book_in'), out: t('book_out'), within: t('book_within') }
  return (
    <El as="section" cls="card" label={t('book_lines')}>
      <Fold summary={t('book_lines')}>
        {[...known.lines].reverse().map((line, place) => (
          <El key={place} cls="said">
            <El as="p"><El as="strong">{line.day}</El> {sides[line.direction]} · {label(lotEvents, line.kind, lang)}</El>
            <El as="p">{line.product_name} {plain(line.amount)} {label(units, line.unit, lang)} {line.partner || line.place}</El>
          </El>
        ))}
      </Fold>
    </El>
  )
}

function Export({ span, month }: { span: { since: string; until: string }; month: string }) {
  const t = useWords()
  const [told, setTold] = useState<'fetching' | 'file_given' | 'file_failed'>()
  const give = async () => {
    setTold('fetching')
    const done = await workbook(span).then((file) => giveFile(`ledger-${month}.xlsx`, file.path, SHEET)).then(() => 'file_given' as const, () => 'file_failed' as const)
    setTold(done)
  }
  return (
    <>
      <Button disabled={told === 'fetching'} onTap={() => void give()}>{t('book_xlsx')}</Button>
      {told && <El as="p" cls={told === 'file_failed' ? 'wrong' : ''} live>{t(told)}</El>}
    </>
  )
}

export default started(BookPage)
