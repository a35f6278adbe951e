/** What the codes on a bag or a bottle of an input mean. Pure. */
export type Pack =
  /** A pesticide's label: its 32 digits, found by the server; `key` is what all units of one registration share. */
  | { kind: 'label'; key: string; q: string }
  /** A registration number written out in the code. */
  | { kind: 'number'; key: string; q: string }
  /** A bar code of the trade: no register lists it, the phone remembers what its farmer said it was. */
  | { kind: 'bar'; key: string }
  | { kind: 'nothing' }

const NUMBER = /(?:PD|WP|LS)\d{6,12}(?:F\d{2,6})?/i
const BAR = /^\d{8}$|^\d{12,14}$/

/** The most telling of the codes on one pack. The unit code is described by 农业部公告第2579号. */
export function pack(texts: readonly string[]): Pack {
  const units = texts.flatMap((text) => text.match(/\d+/g) ?? []).filter((digits) => /^[123]\d{31}$/.test(digits))
  const [unit] = units
  if (unit) return { kind: 'label', key: `unit:${unit.slice(0, 7)}`, q: unit }
  const number = texts.map((text) => NUMBER.exec(text)?.[0].toUpperCase()).find((one) => one !== undefined)
  if (number) return { kind: 'number', key: `number:${number}`, q: number }
  const bar = texts.map((text) => text.trim()).find((text) => BAR.test(text))
  return bar ? { kind: 'bar', key: `bar:${bar}` } : { kind: 'nothing' }
}
