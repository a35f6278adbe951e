/** The signed list of what was taken back: a Golomb-Rice coded set behind a signature (docs/model/signatures.md). Pure; needs BigInt. */
import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8, toBase64url, utf8 } from './bytes'
import { checkToken, type KeyList, type Signed } from './tokens'

const FORMAT = 'longtrace-revoked/1'
const LINE = 10

/** `asOf` in milliseconds; `rate`: how many strangers the list takes for its own. */
export interface Revoked { verdict: Signed; asOf: number; count: number; rate: number; has(code: string): boolean }

/** Throws when it is no such list. */
export function readRevoked(bytes: Uint8Array, keys: KeyList | undefined): Revoked {
  const cut = bytes.indexOf(LINE)
  if (cut < 0) throw new Error('no list')
  const { verdict, claims } = checkToken(fromUtf8(bytes.subarray(0, cut)), 'revocations', keys)
  const [count, bits, rice] = [Number(claims.count), Number(claims.bits), Number(claims.rice)]
  const set = bytes.subarray(cut + 1)
  const whole = claims.format === FORMAT && bits > 0 && bits <= 32 && toBase64url(sha256(set)) === claims.sha256
  return {
    verdict: verdict === 'good' && !whole ? 'altered' : verdict,
    asOf: Number(claims.iat) * 1000,
    count,
    rate: count / 2 ** bits,
    has: (code) => listed(set, count, rice, hashed(code, bits)),
  }
}

function hashed(code: string, bits: number): number {
  const digest = sha256(utf8(`${FORMAT}:${code}`))
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0) >>> (32 - bits)
}

/** Differences of sorted hashes: the quotient in ones, a zero, `rice` bits of the remainder. */
function listed(set: Uint8Array, count: number, rice: number, wanted: number): boolean {
  let at = 0
  const bit = () => ((set[at >> 3] ?? 0) >> (7 - (at++ & 7))) & 1
  let value = 0
  for (let seen = 0; seen < count && value <= wanted; seen += 1) {
    let quotient = 0
    while (bit()) quotient += 1
    let rest = 0
    for (let place = 0; place < rice; place += 1) rest = rest * 2 + bit()
    value += quotient * 2 ** rice + rest
    if (value === wanted) return true
  }
  return false
}
