/** A record, batch, site or purchase as labelled lines a person can read and compare. Pure. */
import type { Key } from '@/words/dictionary'
import { applicationMethods, inputKinds, label, recordKinds, units } from '@/vocab'
import type { Lang } from '@/state/settings'
import type { DraftInput } from './records'

export interface Line { key: Key; text: string }
type Body = Record<string, unknown>

/** Lines of what is filled in; `names` are the names of sites and products by id. */
export function lines(body: Body, lang: Lang, names: Record<string, string>): Line[] {
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name]) : '')
  const named = (id: string) => names[id] ?? '…'
  const all: Line[] = [
    { key: text('dealer') ? 'f_category' : 'f_kind', text: text('kind') && label(text('dealer') ? inputKinds : recordKinds, text('kind'), lang) },
    { key: 'f_name', text: [text('name'), text('registration_no')].filter(Boolean).join(' ') },
    { key: 'f_product', text: text('product_id') && named(text('product_id')) },
    { key: 'f_day', text: text('happened_on') || text('started_on') || text('bought_on') || text('counted_on') },
    { key: 'f_ended', text: text('ended_on') === text('happened_on') ? '' : text('ended_on') },
    { key: 'f_sites', text: ((body.site_ids ?? []) as string[]).map(named).join(lang === 'en' ? ', ' : '、') },
    { key: 'f_target', text: text('target') },
    { key: 'f_inputs', text: ((body.inputs ?? []) as DraftInput[]).map((one) => used(one, lang)).join(lang === 'en' ? '; ' : '；') },
    { key: 'f_amount', text: text('amount') && measured(text('amount'), text('unit'), lang) },
    { key: 'f_area', text: text('typed_area_mu') },
    { key: 'f_dealer', text: text('dealer') },
    { key: 'f_note', text: text('note') || text('reason') },
  ]
  return all.filter((line) => line.text)
}

export function measured(amount: string, unit: string, lang: Lang): string {
  return `${plain(amount)} ${label(units, unit, lang)}`
}

/** `20.000` and `20` are the same amount. */
export function plain(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount
}

export function used(one: DraftInput, lang: Lang): string {
  const way = one.method ? label(applicationMethods, one.method, lang) : ''
  return [one.name || one.registration_no, one.amount && measured(one.amount, one.unit ?? '', lang), way].filter(Boolean).join(' ')
}

/** Both versions line by line; `same` false where a person has to look. */
export function compared(here: readonly Line[], there: readonly Line[]): { key: Key; here: string; there: string; same: boolean }[] {
  const keys = [...new Set([...here, ...there].map((line) => line.key))]
  const of = (list: readonly Line[], key: Key) => list.find((line) => line.key === key)?.text ?? ''
  return keys.map((key) => ({ key, here: of(here, key), there: of(there, key), same: of(here, key) === of(there, key) }))
}
