// The second implementation, run by Node: what Python signed and hashed is checked with Node's own crypto and with the
// very module that the page uses. Reads one JSON object from standard input, writes one.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { pathToFileURL } from 'node:url'

const [page] = process.argv.slice(2)
const checks = await import(pathToFileURL(page).href)
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
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha256(Buffer.of(1), root(leaves.slice(0, split)), root(leaves.slice(split)))
}

const DO = {
  signature: byNode,
  canonical: (value) => checks.canonical(value),
  digits: (digits) => checks.fromDigits(digits),
  read: (text) => checks.read(text),
  root: (leaves) => root(leaves.map((leaf) => Buffer.from(leaf, 'hex'))).toString('hex'),
  inclusion: async ({ bundle, keys }) => {
    const { verdict, steps } = await checks.checkInclusion(bundle, keys)
    return { verdict, steps: steps?.length ?? 0 }
  },
  record: async ({ record, keys }) => (await checks.checkRecord(record, keys)).verdict,
  joined: async ({ bundle, records, keys }) => (await checks.checkInclusion(checks.withPlace(bundle, records), keys)).verdict,
  proof: async ({ text, keys, list, now }) => {
    const given = checks.read(text)
    const bytes = list && new Uint8Array(Buffer.from(list, 'base64'))
    const revocations = bytes ? await checks.readRevocations(bytes, keys) : null
    const { verdict, document, revocation, expired } = await checks.check(given ?? { token: text }, keys, revocations, now)
    return { verdict, document, revocation, expired }
  },
  revoked,
}

const answers = []
for (const [what, value] of asked) answers.push(await DO[what](value))
process.stdout.write(JSON.stringify(answers))
