// WeChat's build of the check of signatures, run where there is no WebCrypto, no atob, no TextDecoder and no window: what is transpiled
// for old engines must still count. Called by `python -m scripts.phone test` after the builds.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const BUILT = path.resolve(HERE, '../dist/weapp')
const OURS = /^check\/|babelHelpers/ // within the build, wherever the build lies
const bare = vm.createContext({})
const loaded = new Map()

function load(file) {
  if (loaded.has(file)) return loaded.get(file).exports
  const module = { exports: {} }
  loaded.set(file, module)
  const run = vm.runInContext(`(function (module, exports, require) {${readFileSync(file, 'utf8')}\n})`, bare)
  run(module, module.exports, (name) => {
    const wanted = path.resolve(path.dirname(file), name)
    return OURS.test(path.relative(BUILT, wanted)) ? load(wanted) : {}
  })
  return module.exports
}

const rules = load(path.join(BUILT, 'check/counting.js'))
const text = readFileSync(path.resolve(HERE, 'vectors/proofs.json'), 'utf8')
const made = vm.runInContext('(text) => JSON.parse(text)', bare)(text)
const revoked = vm.runInContext('(bytes) => Uint8Array.from(bytes)', bare)([...Buffer.from(made.revocations, 'base64')])
const lists = { keys: made.keys, witnesses: made.witnesses, revoked }

const good = rules.check(made.bundle.signature, made.bundle, lists, made.now)
assert.deepEqual([good.verdict, good.fits, good.listing, good.place.verdict, good.place.head.witnesses.length], ['good', true, 'not_listed', 'good', 1])
assert.equal(rules.check(made.edwards.signature, made.edwards, { keys: made.other_keys, witnesses: [] }, made.now).verdict, 'good')
assert.equal(rules.check(made.listed, undefined, lists, made.now).listing, 'listed')
assert.equal(rules.check(made.bundle.signature, { ...made.bundle, certificate: { ...made.bundle.certificate, title: 'x' } }, lists, made.now).verdict, 'altered')
assert.equal(rules.checkRecord(made.record, lists).verdict, 'good')
