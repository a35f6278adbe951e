/** All there is to say of a proof, from nothing but the lists at hand. Pure; needs BigInt. Nothing here throws. */
import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, hash32, joined, same, toBase64url, utf8 } from './bytes'
import { canonical } from './canonical'
import type { Body, Bundle, Paper, Place, Registered } from './given'
import { checkNote, type Head, type Witness } from './notes'
import { climb, type Step } from './path'
import { readRevoked, type Revoked } from './revoked'
import { checkToken, type Key, type KeyList, type Signed } from './tokens'

export interface Lists { keys?: KeyList; revoked?: Uint8Array; witnesses: readonly Witness[] }
export interface Claims { jti: string; sub: string; what: string; much: string; iat: number; exp: number; doc: string }
export type Listing = 'not_listed' | 'listed' | 'no_list' | 'bad_list'
export type PlaceVerdict = 'good' | 'not_linked' | 'other_record' | 'wrong_root' | 'malformed' | Exclude<Signed, 'good'>
/** `migrated`: the record was made when the register was upgraded, and proves from its own seal on. */
export interface Placed { verdict: PlaceVerdict; index: number; size: number; migrated: boolean; steps?: Step[]; head?: Head }
export interface Checked {
  verdict: Signed | 'other_code'; claims: Claims; kid: string; key?: Key; expired: boolean
  /** The list of what was taken back is older than a week; older than the certificate itself, of which it then says nothing. */
  stale: boolean; older: boolean
  /** Whether the whole text fits its hash; undefined when there was none. */
  fits?: boolean; paper?: Paper; place?: Placed
  listing: Listing; list?: { asOf: number; count: number; rate: number }
}
export type RecordVerdict = 'good' | 'hidden' | 'unsealed' | 'altered' | 'misplaced'
export interface CheckedRecord { verdict: RecordVerdict; kind?: string; said?: Record<string, unknown>; place?: Placed }

const STALE = 7 * 86_400_000

/** A certificate's signature; undefined when the token is none. `now` in milliseconds; `code` when it is the answer to that code. */
export function check(token: string, bundle: Bundle | undefined, lists: Lists, now: number, code?: string): Checked | undefined {
  try {
    const { verdict, claims: said, key, kid } = checkToken(token, 'certificate', lists.keys)
    const claims = claimsOf(said)
    const fits = bundle && fitsPaper(bundle.certificate, claims)
    const place = bundle?.inclusion ? placeOf(bundle.inclusion, bundle.inclusion.body, () => linked(bundle), lists) : undefined
    const listed = listing(claims.jti, lists)
    const stale = !!listed.list && now - listed.list.asOf > STALE
    const older = !!listed.list && listed.list.asOf < claims.iat * 1000
    const known = { claims, kid, key, fits, place, expired: now > claims.exp * 1000, stale, older, ...listed }
    const own = verdict === 'good' && fits === false ? 'altered' : verdict
    return { ...known, verdict: code !== undefined && claims.jti !== code ? 'other_code' : own, paper: fits ? bundle?.certificate : undefined }
  } catch {
    return undefined
  }
}

/** Throws when it is a signature under something else. */
function claimsOf(said: Record<string, unknown>): Claims {
  const told = said as unknown as Claims
  const texts = [told.jti, told.sub, told.what, told.much, told.doc]
  if (!texts.every((one) => typeof one === 'string') || !Number.isFinite(told.iat) || !Number.isFinite(told.exp)) throw new Error('no certificate')
  return told
}

function fitsPaper(paper: Paper, claims: Claims): boolean {
  try {
    return toBase64url(sha256(utf8(canonical(paper)))) === claims.doc && paper.code === claims.jti
  } catch {
    return false
  }
}

function listing(code: string, { keys, revoked }: Lists): Pick<Checked, 'listing' | 'list'> {
  const list = revoked && opened(revoked, keys)
  if (!list) return { listing: 'no_list' }
  if (list.verdict !== 'good') return { listing: 'bad_list' }
  return { listing: list.has(code) ? 'listed' : 'not_listed', list: { asOf: list.asOf, count: list.count, rate: list.rate } }
}

/** The list, whatever its signature is worth; undefined when it is none. */
export function opened(bytes: Uint8Array, keys: KeyList | undefined): Revoked | undefined {
  try {
    return readRevoked(bytes, keys)
  } catch {
    return undefined
  }
}

/** Whether the record in the register is this certificate's; undefined when its content is not shown. */
function linked({ inclusion, signature }: Bundle): boolean | undefined {
  if (!inclusion || inclusion.salt === undefined || inclusion.body === undefined) return undefined
  return inclusion.body.said.proof === signature && isRecord(hash32(inclusion.leaf), inclusion.salt, inclusion.body)
}

function isRecord(hash: Uint8Array, salt: string, body: Body): boolean {
  return same(sha256(joined(fromHex(salt), utf8(canonical(body)))), hash)
}

/** The way from a record to a signed head of the register, and the first thing that is wrong with it. */
function placeOf(place: Place, stated: { origin?: string | null } | undefined, own: () => boolean | undefined, { keys, witnesses }: Lists): Placed {
  const known = { index: place.index, size: place.size, migrated: stated?.origin === 'migration' }
  try {
    const steps = climb(hash32(place.leaf), place.index, place.size, place.path.map(hash32))
    const reached = steps?.[steps.length - 1]?.hash
    if (!reached) return { ...known, verdict: 'malformed' }
    const head = checkNote(place.checkpoint, keys, witnesses)
    return { ...known, verdict: judgedPlace(own(), head, place.size, reached), steps, head }
  } catch {
    return { ...known, verdict: 'malformed' }
  }
}

function judgedPlace(own: boolean | undefined, head: Head, size: number, reached: Uint8Array): PlaceVerdict {
  if (own === false) return 'other_record'
  if (head.size !== size || !same(head.root, reached)) return 'wrong_root'
  if (head.verdict !== 'good') return head.verdict
  return own === undefined ? 'not_linked' : 'good'
}

/** A record of the register by itself: its content and its way to a signed head. Only what its hash binds is given back; the times
 * beside it bind nothing, and the head has a signed one. Of a hidden record its own word that a migration made it is taken, for it only says less. */
export function checkRecord(record: Registered, lists: Lists): CheckedRecord {
  try {
    const { salt, body, inclusion } = record
    const hidden = salt === undefined || body === undefined
    if (!hidden && !(isRecord(hash32(record.hash), salt, body) && body.kind === record.kind)) return { verdict: 'altered' }
    const known = hidden ? {} : { kind: body.kind, said: body.said }
    if (!inclusion) return { ...known, verdict: 'unsealed' }
    const place = placeOf(inclusion, hidden ? record : body, () => same(hash32(inclusion.leaf), hash32(record.hash)), lists)
    return { ...known, place, verdict: place.verdict !== 'good' ? 'misplaced' : hidden ? 'hidden' : 'good' }
  } catch {
    return { verdict: 'altered' }
  }
}
