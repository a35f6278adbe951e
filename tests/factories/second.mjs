// The second implementation, run by Node: what Python signed and hashed is checked with Node's own crypto and with the
// very module that the page uses. Reads one JSON object from standard input, writes one.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { pathToFileURL } from 'node:url'

const [page] = process.argv.slice(2)
const checks = await import(pathToFileURL(page).href)
const { headline } = await import(new URL('show.mjs', pathToFileURL(page)).href)
let said = ''
for await (const part of process.stdin) said += part
const asked = JSON.parse(said)
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

function byNode({ token, jwk, alg }) {
  const [head, payload, signature] = token.split('.')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const message = Buffer.from(`${head}.${payload}`)
  const options = alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key
  return verify(alg === 'ES256' ? 'sha256' : null, message, options, Buffer.from(signature, 'base64url'))
}

async function revoked({ bytes, keys, codes }) {
  const list = await checks.readRevocations(new Uint8Array(Buffer.from(bytes, 'base64')), keys)
  return { verdict: list.verdict, count: list.count, has: await Promise.all(codes.map((code) => list.has(code))) }
}

/** RFC 6962 section 2.1 straight from its definition, over the whole list of leaves. */
function root(leaves) {
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0])
  const half = split(leaves.length)
  return pair(root(leaves.slice(0, half)), root(leaves.slice(half)))
}

const pair = (left, right) => sha256(Buffer.of(1), left, right)

function split(size) {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** The root that an audit path leads to, from the definition of the path (RFC 6962 section 2.1.1); null when it is no path. */
function included(node, index, size, path) {
  if (size === 1) return index === 0 && path.length === 0 ? node : null
  if (path.length === 0) return null
  const half = split(size)
  const [rest, side] = [path.slice(0, -1), path[path.length - 1]]
  const inner = index < half ? included(node, index, half, rest) : included(node, index - half, size - half, rest)
  if (inner === null) return null
  return index < half ? pair(inner, side) : pair(side, inner)
}

/** [old root, new root] that a consistency proof leads to, from the definition of SUBPROOF (RFC 6962 section 2.1.2). */
function continued(first, second, path, old, whole) {
  if (first === second) {
    if (path.length !== (whole ? 0 : 1)) return null
    return whole ? [old, old] : [path[0], path[0]]
  }
  if (path.length === 0 || first < 1 || first > second) return null
  const half = split(second)
  const [rest, side] = [path.slice(0, -1), path[path.length - 1]]
  const inner = first <= half ? continued(first, half, rest, old, whole) : continued(first - half, second - half, rest, old, false)
  if (inner === null) return null
  return first <= half ? [inner[0], pair(inner[1], side)] : [pair(side, inner[0]), pair(side, inner[1])]
}

/** A signed checkpoint's size and root, its signature verified by Node's own crypto with one of the listed keys. */
function signedHead(note, keys) {
  const [body, lines] = note.split('\n\n')
  const [origin, size, root] = body.split('\n')
  const message = Buffer.from(`${body}\n`)
  const held = lines.split('\n').map((line) => line.split(' ')).filter(([, name]) => name === origin)
  const good = keys.keys.filter((key) => key.purpose === 'checkpoint').some((jwk) =>
    held.some(([, , blob]) => verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(blob, 'base64').subarray(4))))
  return good ? { size: Number(size), root: Buffer.from(root, 'base64') } : null
}

const unbased = (path) => path.map((one) => Buffer.from(one, 'base64'))

const DO = {
  place: async ({ inclusion, keys }) => {
    const { leaf, index, size, path, checkpoint } = inclusion
    const head = signedHead(checkpoint, keys)
    const reached = included(sha256(Buffer.of(0), Buffer.from(leaf, 'base64')), index, size, unbased(path))
    const record = { hash: Buffer.from(leaf, 'base64').toString('hex'), inclusion }
    return { node: head?.size === size && reached !== null && reached.equals(head.root), page: (await checks.checkRecord(record, keys)).verdict }
  },
  consistency: ({ before, proof, keys }) => {
    const [old, now] = [signedHead(before, keys), signedHead(proof.checkpoint, keys)]
    if (old?.size !== proof.first || now?.size !== proof.second) return false
    const roots = continued(proof.first, proof.second, unbased(proof.path), old.root, true)
    return roots !== null && roots[0].equals(old.root) && roots[1].equals(now.root)
  },
  signature: byNode,
  canonical: (value) => checks.canonical(value),
  digits: (digits) => checks.fromDigits(digits),
  read: (text) => checks.read(text),
  root: (leaves) => root(leaves.map((leaf) => Buffer.from(leaf, 'hex'))).toString('hex'),
  inclusion: async ({ bundle, keys }) => {
    const { verdict, steps, migrated } = await checks.checkInclusion(bundle, keys)
    return { verdict, steps: steps?.length ?? 0, migrated }
  },
  record: async ({ record, keys }) => (await checks.checkRecord(record, keys)).verdict,
  told: async ({ record, keys }) => {
    const { verdict, body, place, ...others } = await checks.checkRecord(record, keys)
    return { verdict, kind: body?.kind ?? null, by: place?.head?.at ?? null, migrated: place?.migrated ?? null, others }
  },
  joined: async ({ bundle, records, keys }) => (await checks.checkInclusion(checks.withPlace(bundle, records), keys)).verdict,
  proof: async ({ text, keys, list, now }) => {
    const given = checks.read(text)
    const bytes = list && new Uint8Array(Buffer.from(list, 'base64'))
    const revocations = bytes ? await checks.readRevocations(bytes, keys) : null
    const { verdict, document, revocation, expired } = await checks.check(given ?? { token: text }, keys, revocations, now)
    return { verdict, document, revocation, expired }
  },
  headline: async ({ text, keys, list, now, code }) => {
    const revocations = list ? await checks.readRevocations(new Uint8Array(Buffer.from(list, 'base64')), keys) : null
    return headline(await checks.check({ ...(checks.read(text) ?? { token: text }), code }, keys, revocations, now))
  },
  revoked,
}

const answers = []
for (const [what, value] of asked) answers.push(await DO[what](value))
process.stdout.write(JSON.stringify(answers))
