// Checks a certificate's proof with nothing but the lists at hand: no page, no network. Also run by Node in the tests.
// Sources: RFC 7515 (JWS), RFC 8785 (canonical JSON), RFC 6962/9162 (trees), C2SP signed-note and tlog-checkpoint.

const GRACE_MS = 5 * 60 * 1000
const SIGNATURE_BYTES = 64
const PACKED = 1
const FORMAT = 'longtrace-proof/1'
const MAX_RECORDS = 100
const STALE_MS = 7 * 86_400_000
const text = new TextEncoder()

export const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')
export const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', joined(parts)))

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) { all.set(part, at); at += part.length }
  return all
}

function fromHex(said) {
  if (typeof said !== 'string' || !/^(?:[0-9a-f]{2})*$/i.test(said)) throw new Error('not hexadecimal')
  return Uint8Array.from(said.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

/** A hash of 32 bytes, in hex or in base64. */
function hash32(said) {
  const bytes = /^[0-9a-f]{64}$/i.test(said) ? fromHex(said) : fromBase64(said)
  if (bytes.length !== 32) throw new Error('not a hash')
  return bytes
}

function fromBase64(said) {
  return Uint8Array.from(atob(said), (one) => one.charCodeAt(0))
}

export function fromBase64url(said) {
  if (typeof said !== 'string' || !/^[A-Za-z0-9_-]*$/.test(said)) throw new Error('not base64url')
  return fromBase64(said.replace(/-/g, '+').replace(/_/g, '/'))
}

export function toBase64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** RFC 8785: ECMAScript's own way to write strings and numbers, names in order of their UTF-16 units. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const names = Object.keys(value).sort()
    return `{${names.map((name) => `${canonical(name)}:${canonical(value[name])}`).join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('not a JSON number')
  if (typeof value === 'string' && !value.isWellFormed?.() && /\p{Surrogate}/u.test(value)) throw new Error('half a character')
  return JSON.stringify(value)
}

/** The token that was packed into a QR code's number. Throws. */
export function fromDigits(digits) {
  let said = BigInt(digits).toString(16)
  if (said.length % 2) said = `0${said}`
  const packed = fromHex(said)
  const start = 2 + packed[1]
  if (packed[0] !== PACKED || packed.length < start + SIGNATURE_BYTES) throw new Error('not packed')
  const end = packed.length - SIGNATURE_BYTES
  return [packed.subarray(2, start), packed.subarray(start, end), packed.subarray(end)].map(toBase64url).join('.')
}

/** What somebody pasted, scanned or dropped: `{bundle, token}`, `{token}`, `{records}` of the register, `{code}` (to be
 * fetched), or null for anything else. */
export function read(said) {
  const clean = said.trim()
  if (clean.startsWith('{')) return readBundle(clean)
  const bare = clean.includes('#') ? clean.slice(clean.indexOf('#') + 1) : clean
  const dense = bare.replace(/\s+/g, '')
  if (/^\d{200,4000}$/.test(dense)) {
    try { return { token: fromDigits(dense) } } catch { return null }
  }
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(dense) && dense.length < 8192) return { token: dense }
  const named = dense.includes('/t/') ? dense.split('/t/')[1].split(/[/?#]/)[0] : dense
  const code = named.toUpperCase().replace(/-/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(code) ? { code } : null
}

function readBundle(clean) {
  let bundle
  try { bundle = JSON.parse(clean) } catch { return null }
  const known = (one) => one?.format === FORMAT
  if (known(bundle) && typeof bundle.signature === 'string' && bundle.certificate) return { bundle, token: bundle.signature }
  const records = (Array.isArray(bundle?.items) ? bundle.items : [bundle]).filter((one) => known(one) && typeof one.hash === 'string')
  return records.length ? { records: records.slice(0, MAX_RECORDS) } : null
}

/** The signed certificate with its place in the register, if one of the records is about this very signature. */
export function withPlace(bundle, records) {
  const own = records.find((one) => one.inclusion && one.body?.said?.proof === bundle.signature)
  return own ? { ...bundle, inclusion: { ...own.inclusion, salt: own.salt, body: own.body } } : bundle
}

const ALGORITHMS = {
  ES256: [{ name: 'ECDSA', namedCurve: 'P-256' }, { name: 'ECDSA', hash: 'SHA-256' }],
  EdDSA: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
}

/** true, false, or null where this browser does not know the algorithm. */
async function fits(key, message, signature) {
  const known = ALGORITHMS[key.alg]
  if (!known) return null
  const jwk = { kty: key.kty, crv: key.crv, x: key.x, ...(key.y ? { y: key.y } : {}) }
  let opened
  try {
    opened = await crypto.subtle.importKey('jwk', jwk, known[0], false, ['verify'])
  } catch { return null }
  return crypto.subtle.verify(known[1], opened, signature, message)
}

function judged(key, purpose, atMs, good) {
  if (good === null) return 'unsupported'
  if (!good) return 'altered'
  if (key.state === 'revoked') return 'revoked_key'
  if (key.purpose !== purpose) return 'wrong_purpose'
  const until = key.until ? Date.parse(key.until) + GRACE_MS : Infinity
  return Date.parse(key.since) - GRACE_MS <= atMs && atMs <= until ? 'good' : 'out_of_time'
}

/** `{verdict, claims, key}` of a compact JWS; `claims` are believed only when the verdict is `good`. Throws on no JWS. */
export async function checkToken(token, purpose, keys) {
  const [head, payload, signature, ...more] = token.split('.')
  if (more.length) throw new Error('not three parts') // else one signature could be spelled in any number of ways
  const header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(head)))
  const claims = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(payload)))
  if (!keys) return { verdict: 'no_keys', claims, key: null }
  const key = keys.keys.find((one) => one.kid === header.kid) ?? null
  if (!key) return { verdict: 'unknown_key', claims, key: null, kid: String(header.kid) }
  const good = header.alg === key.alg ? await fits(key, text.encode(`${head}.${payload}`), fromBase64url(signature)) : false
  return { verdict: judged(key, purpose, claims.iat * 1000, good), claims, key }
}

/** The signed list of what was taken back: `{verdict, asOf, count, has(code)}`. Throws when it is no such list. */
export async function readRevocations(bytes, keys) {
  const split = bytes.indexOf(10)
  const { verdict, claims } = await checkToken(new TextDecoder().decode(bytes.subarray(0, split)), 'revocations', keys)
  const data = bytes.subarray(split + 1)
  const whole = claims.format === 'longtrace-revoked/1' && toBase64url(await sha256(data)) === claims.sha256
  return {
    verdict: verdict === 'good' && !whole ? 'altered' : verdict,
    asOf: claims.iat * 1000,
    count: claims.count,
    rate: claims.count / 2 ** claims.bits,
    has: async (code) => listed(data, claims, await hashed(code, claims.bits)),
  }
}

async function hashed(code, bits) {
  const digest = await sha256(text.encode(`longtrace-revoked/1:${code}`))
  return new DataView(digest.buffer).getUint32(0) >>> (32 - bits)
}

/** Differences of sorted hashes: quotient in ones, a zero, `rice` bits of remainder. */
function listed(data, { count, rice }, wanted) {
  let at = 0
  const bit = () => (data[at >> 3] >> (7 - (at++ & 7))) & 1
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

/** All there is to say of what `read` gave. Nothing is fetched; `keys` and `revocations` may be null. Of the list of those taken
 * back: its `age` in milliseconds, `stale` after a week, `older` than the certificate, of which it then says nothing. With the `code` that was asked for,
 * a certificate of another one is `other_code`. Never throws. */
export async function check({ token, bundle = null, code = null }, keys, revocations, nowMs) {
  let signed
  try {
    signed = await checkToken(token, 'certificate', keys)
    if (typeof signed.claims.jti !== 'string' || !Number.isFinite(signed.claims.exp)) throw new Error('no certificate')
  } catch { return { verdict: 'garbage' } }
  const { claims } = signed
  const document = bundle ? await fitsDocument(bundle.certificate, claims) : null
  const verdict = signed.verdict === 'good' && document === false ? 'altered' : signed.verdict
  return {
    ...signed,
    verdict: code !== null && claims.jti !== code ? 'other_code' : verdict,
    document,
    certificate: bundle?.certificate ?? null,
    revocation: await revocationOf(claims.jti, revocations),
    revocationsAsOf: revocations?.asOf ?? null,
    older: !!revocations && revocations.asOf < claims.iat * 1000,
    age: revocations ? nowMs - revocations.asOf : null,
    stale: !!revocations && nowMs - revocations.asOf > STALE_MS,
    expired: nowMs > claims.exp * 1000,
    keysAsOf: keys ? Date.parse(keys.as_of) : null,
    inclusion: bundle?.inclusion ? await checkInclusion(bundle, keys) : null,
  }
}

async function fitsDocument(certificate, claims) {
  try {
    const digest = toBase64url(await sha256(text.encode(canonical(certificate))))
    return digest === claims.doc && certificate.code === claims.jti
  } catch { return false }
}

async function revocationOf(code, list) {
  if (!list) return 'no_list'
  if (list.verdict !== 'good') return 'bad_list'
  return (await list.has(code)) ? 'listed' : 'not_listed'
}

/** The way from the record to a signed head of the register. `verdict`: good, or the first thing that is wrong. The record
 * is this certificate's when its salted hash is the leaf's and it names this signature. */
export async function checkInclusion({ signature, inclusion }, keys) {
  try {
    const { salt, body } = inclusion
    const hidden = salt == null || body == null
    const own = hidden ? null : body.said?.proof === signature && (await isRecord(hash32(inclusion.leaf), salt, body))
    return { ...(await checkPlace(inclusion, keys, own)), migrated: isMigrated(body) }
  } catch { return { verdict: 'malformed' } }
}

/** One record of the register (`hash`, and `salt` and `body` where they may be shown): `verdict` is good, altered, hidden,
 * unsealed, or misplaced. Of the record only `body` is given back, which its hash binds; the times beside it bind nothing. */
export async function checkRecord({ kind, origin, hash, salt, body, inclusion }, keys) {
  try {
    const hidden = salt == null || body == null
    if (!hidden && !(body.kind === kind && (await isRecord(hash32(hash), salt, body)))) return { verdict: 'altered' }
    const bound = hidden ? {} : { body }
    if (!inclusion) return { ...bound, verdict: 'unsealed' }
    const same = hex(hash32(inclusion.leaf)) === hex(hash32(hash))
    const place = { ...(await checkPlace(inclusion, keys, same)), migrated: isMigrated(hidden ? { origin } : body) }
    return { ...bound, verdict: place.verdict !== 'good' ? 'misplaced' : hidden ? 'hidden' : 'good', place }
  } catch { return { verdict: 'altered' } }
}

/** Made when the register was upgraded: it proves from its own seal on. A hidden record's own word is taken, for it only says less. */
const isMigrated = (stated) => stated?.origin === 'migration'

async function checkPlace(inclusion, keys, linked) {
  try {
    const steps = await climb(hash32(inclusion.leaf), inclusion.index, inclusion.size, inclusion.path.map(hash32))
    if (!steps) return { verdict: 'malformed' }
    const head = await checkCheckpoint(inclusion.checkpoint, keys)
    const reached = steps[steps.length - 1].hash
    return { verdict: inclusionVerdict(linked, head, inclusion.size, reached), linked, steps, head, size: inclusion.size, index: inclusion.index }
  } catch { return { verdict: 'malformed' } }
}

function inclusionVerdict(linked, head, size, reached) {
  if (linked === false) return 'other_record'
  if (head.size !== size || hex(head.root) !== hex(reached)) return 'wrong_root'
  if (head.verdict !== 'good') return head.verdict
  return linked === null ? 'not_linked' : 'good'
}

async function isRecord(hash, salt, body) {
  return hex(await sha256(fromHex(salt), text.encode(canonical(body)))) === hex(hash)
}

export const leafHash = (record) => sha256(Uint8Array.of(0), record)
export const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right)

/** RFC 9162 section 2.1.3.2, remembering each step for the drawing; null when the path has the wrong length. */
export async function climb(record, index, size, path) {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null
  let hash = await leafHash(record)
  const steps = [{ hash, sibling: null, side: null }]
  let [at, last] = [index, size - 1]
  for (const sibling of path) {
    if (last === 0) return null
    const fromLeft = at % 2 === 1 || at === last
    hash = fromLeft ? await nodeHash(sibling, hash) : await nodeHash(hash, sibling)
    if (at % 2 === 0 && fromLeft) {
      while (at % 2 === 0 && at !== 0) { at /= 2; last = Math.floor(last / 2) }
    }
    steps.push({ hash, sibling, side: fromLeft ? 'left' : 'right' })
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? steps : null
}

/** A C2SP tlog-checkpoint as a signed note: `{verdict, origin, size, root, at, key}`, `at` in milliseconds as the note itself
 * says it (NaN when it says none: then it is of no time of any key). Throws when it is none. */
export async function checkCheckpoint(note, keys) {
  const cut = note.lastIndexOf('\n\n')
  const body = note.slice(0, cut + 1)
  const [origin, size, root, ...others] = body.split('\n')
  if (cut < 0 || !origin || !/^(0|[1-9]\d*)$/.test(size)) throw new Error('no checkpoint')
  const at = Date.parse(others.find((line) => line.startsWith('time '))?.slice(5))
  const head = { origin, size: Number(size), root: fromBase64(root), at, key: null, verdict: 'unknown_key' }
  const lines = note.slice(cut + 2).split('\n').map((line) => /^\u2014 (\S+) (\S+)$/.exec(line)).filter(Boolean)
  for (const key of keys?.keys.filter((one) => one.purpose === 'checkpoint') ?? []) {
    for (const [, name, blob] of lines) {
      const signed = fromBase64(blob)
      if (hex(signed.subarray(0, 4)) !== hex(await noteKeyId(name, key)) || signed.length !== 4 + SIGNATURE_BYTES) continue
      return { ...head, key, verdict: judged(key, 'checkpoint', at, await fits(key, text.encode(body), signed.subarray(4))) }
    }
  }
  return head
}

/** SHA-256 of name, line feed, 0x01 (Ed25519) and the key; its first four bytes. */
async function noteKeyId(name, key) {
  return (await sha256(text.encode(`${name}\n`), Uint8Array.of(1), fromBase64url(key.x))).subarray(0, 4)
}
