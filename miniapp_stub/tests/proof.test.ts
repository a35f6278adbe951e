/** The check of signatures against what the platform signed: tests/factories/phone_proofs.py made it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, fromBase64url, fromHex, fromUtf8, hex, joined, toBase64, toBase64url, utf8 } from '../src/rules/proof/bytes'
import { canonical } from '../src/rules/proof/canonical'
import { check, checkRecord, type Lists } from '../src/rules/proof/check'
import { read, recordsOf, withPlace, type Bundle, type Registered } from '../src/rules/proof/given'
import { checkNote, type Witness } from '../src/rules/proof/notes'
import { climb } from '../src/rules/proof/path'
import type { Key, KeyList } from '../src/rules/proof/tokens'
import { verdictOf } from '../src/rules/proof/verdict'

interface Tree { index: number; size: number; leaf: string; path: string[]; root: string }
interface Vectors {
  now: number; keys: KeyList; other_keys: KeyList; revoked_keys: KeyList; bundle: Bundle; digits: string; edwards: Bundle; listed: string
  wrong_purpose: string; revocations: string; revocations_before: string; record: Registered; migrated: Registered; witnesses: Witness[]; json: { value: unknown; said: string }[]; trees: Tree[]
}
const made = JSON.parse(readFileSync(path.resolve(__dirname, 'vectors/proofs.json'), 'utf8')) as Vectors
const lists: Lists = { keys: made.keys, revoked: fromBase64(made.revocations), witnesses: made.witnesses }
const whole = JSON.stringify(made.bundle)

/** What a page would say first. */
function said(text: string, known: Lists = lists, now = made.now): string {
  const given = read(text)
  const one = given.kind === 'token' ? check(given.token, given.bundle, known, now) : undefined
  return one ? verdictOf(one).word : 'nothing'
}

/** Whether all of it is believed: signature, text, place, head and witness. */
function believed(text: string): boolean {
  const given = read(text)
  const one = given.kind === 'token' ? check(given.token, given.bundle, lists, made.now) : undefined
  return !!one && verdictOf(one).grave === 'good' && one.fits === true && one.place?.verdict === 'good' && one.place.head?.witnesses.length === 1
}

/** The text with one character replaced by another. */
const changed = (text: string) => fc.tuple(fc.nat(text.length - 1), fc.oneof(
  fc.constantFrom(...'0123456789ABCDEFabcdefxyz-_+/=.,:"{}[]\\ \n'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
)).map(([at, other]) => text.slice(0, at) + other + text.slice(at + 1)).filter((other) => other !== text)

describe('a certificate’s signature', () => {
  it('is good as a number, as text, in an address and whole', () => {
    for (const text of [made.digits, `https://x.cn/verify#${made.digits}`, made.bundle.signature, ` ${made.bundle.signature}\n`, whole]) expect(said(text), text).toBe('good_not_listed')
    expect(believed(whole)).toBe(true)
    expect(said(JSON.stringify(made.edwards), { keys: made.other_keys, witnesses: [] })).toBe('good_no_list')
  })

  it('is spelled in one way alone', () => {
    expect(said(JSON.stringify({ ...made.bundle, signature: `${made.bundle.signature}.` }))).toBe('nothing')
  })

  it('says who, what, how much, when and until when', () => {
    expect(check(made.bundle.signature, undefined, lists, made.now)?.claims).toMatchObject({ jti: made.bundle.certificate.code, sub: '张*', what: '红富士苹果', much: '1500 公斤', iat: 1_791_424_800 })
  })

  it('is not believed by an unknown or revoked key, one of another purpose, of another time, or without keys', () => {
    const [own, ...others] = made.keys.keys
    const retired = { ...made.keys, keys: [{ ...own!, state: 'retired', until: '2026-09-15T00:00:00Z' }, ...others] }
    expect(said(whole, { ...lists, keys: made.other_keys })).toBe('unknown_key')
    expect(said(whole, { ...lists, keys: made.revoked_keys })).toBe('revoked_key')
    expect(said(whole, { ...lists, keys: retired })).toBe('out_of_time')
    expect(said(whole, { ...lists, keys: undefined })).toBe('no_keys')
    expect(said(made.wrong_purpose)).toBe('wrong_purpose')
    expect(said(whole, { ...lists, keys: { ...made.keys, keys: [{ ...own!, alg: 'SM2' }, ...others] } })).toBe('altered')
  })

  it('is never barely valid: what was taken back, an old list, a false list and an ended time are told', () => {
    expect(said(made.listed)).toBe('good_listed')
    expect(said(whole, { ...lists, revoked: undefined })).toBe('good_no_list')
    expect(said(whole, lists, made.now + 731 * 86_400_000)).toBe('good_expired')
    expect(said(whole, lists, made.now + 8 * 86_400_000)).toBe('good_stale')
    const older = { ...lists, revoked: fromBase64(made.revocations_before) }
    expect(said(whole, older)).toBe('good_older')
    expect(said(whole, older, made.now + 30 * 86_400_000)).toBe('good_older')
    expect(verdictOf(check(made.bundle.signature, undefined, older, made.now)!).grave).toBe('unsure')
    const spoilt = Uint8Array.from(lists.revoked!)
    spoilt[spoilt.length - 1]! ^= 1
    expect(said(whole, { ...lists, revoked: spoilt })).toBe('good_bad_list')
    expect(said(whole, { ...lists, revoked: Uint8Array.of(1, 2) })).toBe('good_no_list')
  })

  it('of another code than was asked for is not believed', () => {
    const word = (code?: string) => verdictOf(check(made.bundle.signature, made.bundle, lists, made.now, code)!)
    expect(word('7K3MPX9Q2RTV').word).toBe('good_not_listed')
    expect(word('7K3MPX9Q0007')).toEqual({ word: 'other_code', grave: 'bad' })
  })

  it('has all three hundred on its list, and no stranger', () => {
    const list = check(made.listed, undefined, lists, made.now)?.list
    expect(list).toMatchObject({ count: 300, asOf: 1_791_424_800_000 })
    expect(list!.rate).toBeLessThan(1e-6)
  })
})

describe('one changed character', () => {
  it('of the signature is never believed', () => {
    fc.assert(fc.property(changed(made.bundle.signature), (text) => !said(text).startsWith('good')), { numRuns: 150 })
  })

  it('at the end, where only loose bits change, is never believed', () => {
    const { signature } = made.bundle
    const last = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter((one) => one !== signature.slice(-1))
    expect(last.filter((one) => said(signature.slice(0, -1) + one).startsWith('good'))).toEqual([])
  })

  it('of the number is never believed', () => {
    fc.assert(fc.property(fc.nat(made.digits.length - 1), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const text = made.digits.slice(0, at) + String((Number(made.digits[at]) + by) % 10) + made.digits.slice(at + 1)
      return !said(text).startsWith('good')
    }), { numRuns: 150 })
  })

  it('of the whole proof is never believed', () => {
    fc.assert(fc.property(changed(whole), (text) => !believed(text)), { numRuns: 200 })
  })

  it('of a record is never believed where it is shown', () => {
    const { registered_at: _registered, sealed_at: _sealed, origin: _origin, ...shown } = made.record as Registered & Record<string, unknown>
    const good = (text: string) => {
      const given = read(text)
      const one = given.kind === 'records' ? checkRecord(given.records[0]!, lists) : undefined
      return one?.verdict === 'good' && one.place?.head?.witnesses.length === 1
    }
    expect(good(JSON.stringify(shown))).toBe(true)
    fc.assert(fc.property(changed(JSON.stringify(shown)), (text) => !good(text)), { numRuns: 200 })
  })
})

describe('the way into the register', () => {
  it.each(made.trees)('leads from leaf $index of $size to the root', ({ index, size, leaf, path: way, root }) => {
    const steps = climb(fromHex(leaf), index, size, way.map(fromHex))
    expect(hex(steps!.at(-1)!.hash)).toBe(root)
    expect(climb(fromHex(leaf), index, size, [...way, leaf].map(fromHex))).toBeUndefined()
    if (way.length) expect(climb(fromHex(leaf), index, size, way.slice(1).map(fromHex))).toBeUndefined()
  })

  it('is another’s, broken, or without its content', () => {
    const { inclusion, ...bare } = made.bundle
    const placed = (change: object) => check(made.bundle.signature, { ...bare, inclusion: { ...inclusion!, ...change } }, lists, made.now)?.place?.verdict
    expect(placed({})).toBe('good')
    expect(placed({ body: { ...inclusion!.body!, said: { proof: made.listed } } })).toBe('other_record')
    expect(placed({ salt: undefined, body: undefined })).toBe('not_linked')
    expect(placed({ index: 6 })).toBe('wrong_root')
    expect(placed({ path: ['x'] })).toBe('malformed')
    expect(placed({ leaf: 'x' })).toBe('malformed')
  })

  it('is joined with its certificate by the signature', () => {
    const { inclusion, ...bare } = made.bundle
    const { salt, body, ...place } = inclusion!
    const own = { format: 'longtrace-proof/1', kind: 'certificate.issue', hash: hex(fromBase64(place.leaf)), salt, body, inclusion: place }
    expect(withPlace({ ...bare, inclusion: null }, recordsOf({ items: [made.record, own] }))).toEqual(made.bundle)
    expect(withPlace({ ...bare, inclusion: null }, [made.record]).inclusion).toBeNull()
  })

  it('ends at a head with its time and the county that saw it', () => {
    const note = made.bundle.inclusion!.checkpoint
    const head = checkNote(note, made.keys, made.witnesses)
    expect(head).toMatchObject({ verdict: 'good', origin: 't.test/evidence', size: 11, at: 1_791_425_100_000 })
    expect(head.witnesses).toEqual([{ name: 'county.test/witness', label: '凉州区农业农村局', at: 1_791_425_340_000 }])
    expect(checkNote(note, made.other_keys, []).verdict).toBe('unknown_key')
    expect(checkNote(note, made.keys, [{ ...made.witnesses[0]!, retired_at: '2026-10-08T02:08:00Z' }]).witnesses).toEqual([])
  })

  it('ends nowhere when the key of the head was not in use at the head’s own time', () => {
    const note = made.bundle.inclusion!.checkpoint
    const verdict = (change: Partial<Key>) => checkNote(note, { ...made.keys, keys: made.keys.keys.map((key) => (key.purpose === 'checkpoint' ? { ...key, ...change } : key)) }, []).verdict
    expect(verdict({ state: 'retired', until: '2026-10-08T02:01:00Z' })).toBe('good') // the head is of 02:05, and clocks differ
    expect(verdict({ state: 'retired', until: '2026-10-08T01:59:00Z' })).toBe('out_of_time')
    expect(verdict({ since: '2026-10-08T02:11:00Z' })).toBe('out_of_time')
    expect(verdict({ state: 'revoked' })).toBe('revoked_key')
  })

  it('ends nowhere when the head says no time', () => {
    const secret = Uint8Array.from({ length: 32 }, (_, at) => at)
    const x = ed25519.getPublicKey(secret)
    const key = { ...made.keys.keys.find((one) => one.purpose === 'checkpoint')!, x: toBase64url(x) }
    const signed = (body: string) => `${body}\n\u2014 t ${toBase64(joined(sha256(joined(utf8('t\n'), Uint8Array.of(1), x)).subarray(0, 4), ed25519.sign(utf8(body), secret)))}\n`
    const head = (time: string) => checkNote(signed(`t\n0\n${toBase64(sha256(new Uint8Array()))}\n${time}`), { ...made.keys, keys: [key] }, []).verdict
    expect(head('time 2026-10-08T02:05:00.000Z\n')).toBe('good')
    expect(head('')).toBe('out_of_time')
    expect(head('time soon\n')).toBe('out_of_time')
  })

  it('of a record gives the head’s signed time and no other', () => {
    const forged = { ...made.record, registered_at: '2021-01-01T00:00:00Z', sealed_at: '2021-01-01T00:00:00Z' }
    const { place, ...told } = checkRecord(forged, lists)
    expect(told).toEqual({ verdict: 'good', kind: 'farming.record', said: made.record.body!.said })
    expect(place?.migrated).toBe(false)
    expect(place?.head?.at).toBe(1_791_425_100_000)
    expect(checkRecord({ ...forged, kind: 'visit' }, lists).verdict).toBe('altered')
    expect(checkRecord({ ...forged, kind: 'visit', salt: undefined, body: undefined }, lists).kind).toBeUndefined()
  })

  it('is marked where a migration registered it', () => {
    const { salt, body, inclusion, ...bare } = made.migrated
    expect(checkRecord(made.migrated, lists)).toMatchObject({ verdict: 'good', place: { migrated: true } })
    expect(checkRecord({ ...made.migrated, origin: null }, lists).place?.migrated).toBe(true)
    expect(checkRecord({ ...made.migrated, body: { kind: body!.kind, form: body!.form, said: body!.said } }, lists).verdict).toBe('altered')
    expect(checkRecord({ ...bare, inclusion, origin: 'migration' }, lists)).toMatchObject({ verdict: 'hidden', place: { migrated: true } })
    const ofBundle = (place: object) => check(made.bundle.signature, { ...made.bundle, inclusion: { ...inclusion!, ...place } }, lists, made.now)?.place
    expect(ofBundle({ salt, body })).toMatchObject({ verdict: 'good', migrated: true })
    expect(check(made.bundle.signature, made.bundle, lists, made.now)?.place).toMatchObject({ verdict: 'good', migrated: false })
  })

  it('of a record by itself is told', () => {
    const { body, salt, inclusion, ...bare } = made.record
    const verdict = (change: object) => checkRecord({ ...bare, body, salt, inclusion, ...change }, lists).verdict
    expect(verdict({})).toBe('good')
    expect(verdict({ body: undefined, salt: undefined })).toBe('hidden')
    expect(verdict({ inclusion: undefined })).toBe('unsealed')
    expect(verdict({ body: { ...body!, said: { ...body!.said, note: '改过' } } })).toBe('altered')
    expect(verdict({ inclusion: made.bundle.inclusion })).toBe('misplaced')
  })
})

describe('bytes and canonical JSON', () => {
  it('are the same as the platform’s (RFC 8785)', () => {
    for (const one of made.json) expect(canonical(one.value)).toBe(one.said)
    expect(() => canonical('\ud800')).toThrow()
  })

  it('come back as they went', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromHex(hex(bytes))).toEqual(bytes)
    }))
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fromUtf8(utf8(text)) === text))
  })

  it.each(['A', 'AB', 'AA=', 'AA===', 'AB==', '====', 'A===', 'A A=', 'AA\n='])('spelled as %j are refused', (text) => {
    expect(() => fromBase64(text)).toThrow()
  })
})

describe('what was given', () => {
  it('may be a code or nothing, and reading it never throws', () => {
    expect(read('7k3m-px9q-2rtv')).toEqual({ kind: 'code', code: '7K3MPX9Q2RTV' })
    expect(read('https://x.cn/verify#7K3MPX9Q2RTV')).toEqual({ kind: 'code', code: '7K3MPX9Q2RTV' })
    for (const text of ['', '您好', '{not json', 'null', '{"items":[null]}', '9'.repeat(900), '1'.repeat(300), '=']) expect(said(text)).toBe('nothing')
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.json()), (text) => said(text) === 'nothing'))
  })
})
