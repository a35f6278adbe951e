/** Goods from outside the platform, and the papers they came with. Pure. */
import { base, type Wrong } from './moving'
import type { Key } from '@/words/dictionary'

/** What came: `name` is what the person calls it, `partner` whom it was bought from, `place` where it grew. */
export interface Intake { crop: string; name: string; variety: string; amount: string; unit: string; partner: string; place: string; happened_on: string }

/** The paper it came under; `kind` is empty while there is none. `amount` in the lot's own unit. */
export interface Paper { kind: string; number: string; issuer: string; issued_on: string; amount: string; unit: string }

type Body = Record<string, unknown>
const DAY = /^\d{4}-\d{2}-\d{2}$/
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const absent = (what: Key): Wrong => ({ word: 'missing', params: { what } })

/** The first thing that cannot be right; undefined when nothing is. `what` in the params of `missing` is itself a word. */
export function wrongIntake(one: Intake, today: string): Wrong | undefined {
  if (!one.crop) return absent('product')
  if (!(base(one.amount, one.unit) > 0)) return { word: 'amount_wrong' }
  if (one.partner.trim().length < 2) return absent('bought_from')
  return DAY.test(one.happened_on) && one.happened_on <= today ? undefined : { word: 'day_wrong' }
}

export function wrongPaper(one: Paper, today: string): Wrong | undefined {
  if (!one.kind) return absent('paper_kind')
  if (!one.number.trim()) return absent('paper_number')
  if (one.issuer.trim().length < 2) return absent('paper_issuer')
  if (!(base(one.amount, one.unit) > 0)) return { word: 'amount_wrong' }
  return DAY.test(one.issued_on) && one.issued_on <= today ? undefined : { word: 'day_wrong' }
}

/** What is posted; `lot` is the client's own id of the new lot. */
export function intakeBody(one: Intake, lot: string): Body {
  const goods = { client_id: lot, crop: one.crop, product_name: one.name.trim(), variety: one.variety.trim(), amount: one.amount, unit: one.unit }
  return { happened_on: one.happened_on, partner: one.partner.trim(), place: one.place.trim(), lines: [goods] }
}

/** What such a body says, to be corrected, and the new lot's id. */
export function intakeSaid(body: Body): { intake: Intake; lot: string } {
  const [line = {}] = body.lines as Body[]
  const intake = {
    crop: text(line.crop), name: text(line.product_name), variety: text(line.variety), amount: text(line.amount), unit: text(line.unit),
    partner: text(body.partner), place: text(body.place), happened_on: text(body.happened_on),
  }
  return { intake, lot: text(line.client_id) }
}

export function paperBody(one: Paper, lotId: string): Body {
  return { lot_id: lotId, kind: one.kind, number: one.number.trim(), issuer: one.issuer.trim(), issued_on: one.issued_on, amount: one.amount, unit: one.unit }
}

export function paperSaid(body: Body): Paper {
  return { kind: text(body.kind), number: text(body.number), issuer: text(body.issuer), issued_on: text(body.issued_on), amount: text(body.amount), unit: text(body.unit) }
}
