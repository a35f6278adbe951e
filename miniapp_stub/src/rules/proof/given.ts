/** What somebody scanned, pasted or brought along: a proof, records of the register, or a code to ask for. Pure. */
import { read as readCode } from '../codes'
import { toBase64url } from './bytes'

export interface Place { leaf: string; index: number; size: number; path: string[]; checkpoint: string; salt?: string; body?: Body }
export interface Body { kind: string; form: number; said: Record<string, unknown>; origin?: string }
export interface Paper { code: string; title: string; lead: string; commitments: string[]; bases: { zh: string; checked: boolean }[]; fields: { label: string; value: string }[] }
export interface Bundle { format: string; certificate: Paper; signature: string; inclusion: Place | null }
export interface Registered { format: string; kind: string; origin?: string | null; hash: string; salt?: string; body?: Body; inclusion?: Place | null }
/** `code`: the one that the certificate was asked for by. */
export type Given = { kind: 'token'; token: string; bundle?: Bundle; code?: string } | { kind: 'records'; records: Registered[] } | { kind: 'code'; code: string } | { kind: 'nothing' }

const FORMAT = 'longtrace-proof/1'
const NOTHING: Given = { kind: 'nothing' }
const LONGEST = 200_000
const MOST = 100
const SIGNATURE = 64
const PACKED = 1
const BUNDLE = ['certificate', 'format', 'inclusion', 'signature']

export function read(text: string): Given {
  const clean = text.trim()
  if (clean.length > LONGEST) return NOTHING
  if (clean.startsWith('{')) return readJson(clean)
  const dense = clean.slice(clean.indexOf('#') + 1).replace(/\s+/g, '')
  if (/^\d{200,4000}$/.test(dense)) return unpacked(dense)
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(dense) && dense.length < 8192) return { kind: 'token', token: dense }
  const found = readCode(clean)
  if (found.kind === 'trace') return { kind: 'code', code: found.code }
  const behind = readCode(dense)
  return behind.kind === 'trace' ? { kind: 'code', code: behind.code } : NOTHING
}

function unpacked(digits: string): Given {
  try {
    return { kind: 'token', token: fromDigits(digits) }
  } catch {
    return NOTHING
  }
}

function readJson(clean: string): Given {
  let said: unknown
  try {
    said = JSON.parse(clean)
  } catch {
    return NOTHING
  }
  if (isBundle(said)) return { kind: 'token', token: said.signature, bundle: said }
  const records = recordsOf(said)
  return records.length ? { kind: 'records', records } : NOTHING
}

function isBundle(said: unknown): said is Bundle {
  const one = said as Partial<Bundle>
  return one.format === FORMAT && typeof one.signature === 'string' && !!one.certificate && Object.keys(one).every((name) => BUNDLE.includes(name))
}

/** The records of the register in an answer, alone or as a list. */
export function recordsOf(said: unknown): Registered[] {
  const items = (said as { items?: unknown }).items
  const known = (one: unknown): one is Registered => (one as Partial<Registered> | null)?.format === FORMAT && typeof (one as Partial<Registered>).hash === 'string'
  return (Array.isArray(items) ? items : [said]).filter(known).slice(0, MOST)
}

/** The signed certificate with its place in the register, if one of the records is about this very signature. */
export function withPlace(bundle: Bundle, records: readonly Registered[]): Bundle {
  const own = records.find((one) => one.inclusion && one.body?.said.proof === bundle.signature)
  return own?.inclusion ? { ...bundle, inclusion: { ...own.inclusion, salt: own.salt, body: own.body } } : bundle
}

/** The token that was packed into a code's number. Throws. */
export function fromDigits(digits: string): string {
  const packed = bytesOf(digits)
  const start = 2 + (packed[1] ?? 0)
  const end = packed.length - SIGNATURE
  if (packed[0] !== PACKED || end < start) throw new Error('not packed')
  return [packed.subarray(2, start), packed.subarray(start, end), packed.subarray(end)].map(toBase64url).join('.')
}

const DIGITS = 7

/** The bytes of a decimal number, without BigInt: it is read before anyone knows whether this phone has it. */
function bytesOf(digits: string): Uint8Array {
  const small: number[] = []
  for (let at = 0; at < digits.length; at += DIGITS) {
    const piece = digits.slice(at, at + DIGITS)
    let carry = Number(piece)
    for (let place = 0; place < small.length; place += 1) {
      carry += (small[place] ?? 0) * 10 ** piece.length
      small[place] = carry & 0xff
      carry = Math.floor(carry / 256)
    }
    for (; carry > 0; carry = Math.floor(carry / 256)) small.push(carry & 0xff)
  }
  return Uint8Array.from(small.reverse())
}
