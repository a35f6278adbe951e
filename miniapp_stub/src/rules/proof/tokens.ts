/** Compact signatures (RFC 7515) against the public list of keys. Pure; needs BigInt. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { fromBase64url, fromUtf8, joined, utf8 } from './bytes'

export interface Key {
  kid: string; alg: string; kty: string; crv: string; x: string; y?: string | null; purpose: string; state: string
  since: string; until: string | null; revoked_at: string | null; revoked_reason: string | null
}
export interface KeyList { as_of: string; keys: Key[] }
export type Signed = 'good' | 'altered' | 'unknown_key' | 'revoked_key' | 'wrong_purpose' | 'out_of_time' | 'unsupported' | 'no_keys'
export interface Token { verdict: Signed; claims: Record<string, unknown>; key?: Key; kid: string }

const GRACE = 5 * 60_000
const SIGNATURE = 64

/** Whether the signature is of this key; undefined where the algorithm is not known here. */
export function fits(key: Key, message: Uint8Array, signature: Uint8Array): boolean | undefined {
  try {
    if (signature.length !== SIGNATURE) return false
    if (key.alg === 'ES256' && key.crv === 'P-256') {
      const point = joined(Uint8Array.of(4), fromBase64url(key.x), fromBase64url(key.y))
      return p256.verify(signature, message, point, { lowS: false })
    }
    return key.alg === 'EdDSA' && key.crv === 'Ed25519' ? fitsEd25519(fromBase64url(key.x), message, signature) : undefined
  } catch {
    return false
  }
}

/** RFC 8032 to the letter: of the two readings of a doubtful point the strict one. Throws on what is no key. */
export function fitsEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return ed25519.verify(signature, message, key, { zip215: false })
}

/** What a fitting signature is worth: whose key, for what, and when. */
export function judged(key: Key, purpose: string, at: number, good: boolean | undefined): Signed {
  if (good === undefined) return 'unsupported'
  if (!good) return 'altered'
  if (key.state === 'revoked') return 'revoked_key'
  if (key.purpose !== purpose) return 'wrong_purpose'
  const until = key.until ? Date.parse(key.until) + GRACE : Infinity
  return Date.parse(key.since) - GRACE <= at && at <= until ? 'good' : 'out_of_time'
}

/** `claims` are believed only when the verdict is `good`. Throws on what is no signature at all. */
export function checkToken(token: string, purpose: string, list: KeyList | undefined): Token {
  const [head = '', payload = '', signature = '', ...more] = token.split('.')
  if (more.length) throw new Error('not three parts') // else one signature could be spelled in any number of ways
  const header = named(head)
  const claims = named(payload)
  const kid = String(header.kid)
  if (!list) return { verdict: 'no_keys', claims, kid }
  const key = list.keys.find((one) => one.kid === kid)
  if (!key) return { verdict: 'unknown_key', claims, kid }
  const good = header.alg === key.alg ? fits(key, utf8(`${head}.${payload}`), decodedOr(signature)) : false
  return { verdict: judged(key, purpose, Number(claims.iat) * 1000, good), claims, key, kid }
}

/** Bytes of a signature; none when it is spelled wrongly, which then fits nothing. */
function decodedOr(said: string): Uint8Array {
  try {
    return fromBase64url(said)
  } catch {
    return new Uint8Array()
  }
}

function named(part: string): Record<string, unknown> {
  const said: unknown = JSON.parse(fromUtf8(fromBase64url(part)))
  if (said === null || typeof said !== 'object' || Array.isArray(said)) throw new Error('not named values')
  return said as Record<string, unknown>
}
