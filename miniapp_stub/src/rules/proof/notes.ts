/** Checkpoints as signed notes (C2SP signed-note, tlog-checkpoint) and the lines of witnesses (tlog-cosignature). Pure; needs BigInt. */
import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64, fromBase64url, fromHex, joined, same, utf8 } from './bytes'
import { fits, fitsEd25519, judged, type Key, type KeyList, type Signed } from './tokens'

export interface Witness { name: string; label: string; public_key: string; retired_at: string | null }
/** Times in milliseconds; `at` as the checkpoint itself says it. */
export interface Seen { label: string; name: string; at: number }
export interface Head { verdict: Signed; origin: string; size: number; root: Uint8Array; at?: number; key?: Key; witnesses: Seen[] }

interface Line { name: string; id: Uint8Array; rest: Uint8Array }

const SIGNATURE = 64
const TIME = 8
const [ED25519, COSIGNATURE] = [1, 4]

/** Throws when it is no checkpoint. */
export function checkNote(note: unknown, keys: KeyList | undefined, witnesses: readonly Witness[]): Head {
  const cut = typeof note === 'string' ? note.indexOf('\n\n') : -1
  if (typeof note !== 'string' || cut < 0 || !note.endsWith('\n')) throw new Error('no note')
  const body = note.slice(0, cut + 1)
  const [origin = '', size = '', root = '', ...others] = body.slice(0, -1).split('\n')
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size)) throw new Error('no checkpoint')
  const lines = note.slice(cut + 2, -1).split('\n').map(lineOf)
  const said = Date.parse(others.find((one) => one.startsWith('time '))?.slice(5) ?? '')
  const known = { origin, size: Number(size), root: fromBase64(root), ...(Number.isNaN(said) ? {} : { at: said }) }
  return { ...known, ...signedBy(keys, lines, body, said), witnesses: lines.flatMap((line) => seenBy(witnesses, line, body)) }
}

function lineOf(text: string): Line {
  const [, name = '', blob = ''] = /^\u2014 (\S{1,100}) (\S{1,400})$/.exec(text) ?? []
  const held = fromBase64(blob)
  if (!name || held.length < 5) throw new Error('no signature line')
  return { name, id: held.subarray(0, 4), rest: held.subarray(4) }
}

const idOf = (name: string, algorithm: number, key: Uint8Array) => sha256(joined(utf8(`${name}\n`), Uint8Array.of(algorithm), key)).subarray(0, 4)

/** `at`: the note's own time; NaN lies in no key's. */
function signedBy(keys: KeyList | undefined, lines: readonly Line[], body: string, at: number): { verdict: Signed; key?: Key } {
  for (const key of keys?.keys ?? []) {
    if (key.purpose !== 'checkpoint' || key.alg !== 'EdDSA') continue
    const own = lines.find((line) => line.rest.length === SIGNATURE && same(line.id, idOf(line.name, ED25519, fromBase64url(key.x))))
    if (!own) continue
    return { key, verdict: judged(key, 'checkpoint', at, fits(key, utf8(body), own.rest)) }
  }
  return { verdict: keys ? 'unknown_key' : 'no_keys' }
}

/** The witness whose line it is, when its signature fits; a retired one's counts until the day it was retired. */
function seenBy(witnesses: readonly Witness[], { name, id, rest }: Line, body: string): Seen[] {
  const known = witnesses.find((one) => one.name === name)
  if (!known || rest.length !== TIME + SIGNATURE) return []
  const x = fromHex(known.public_key)
  const second = rest.subarray(0, TIME).reduce((sum, byte) => sum * 256 + byte, 0)
  const late = known.retired_at !== null && second * 1000 > Date.parse(known.retired_at)
  const said = utf8(`cosignature/v1\ntime ${second}\n${body}`)
  return !late && same(id, idOf(name, COSIGNATURE, x)) && fitsEd25519(x, said, rest.subarray(TIME)) ? [{ name, label: known.label, at: second * 1000 }] : []
}
