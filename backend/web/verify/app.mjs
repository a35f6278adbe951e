// The page: lists are fetched when there is a network and kept for when there is none; nothing that is checked is sent
// anywhere, except a bare trace code, which can only be looked up.

import { check, checkRecord, read, readRevocations, withPlace } from './check.mjs'
import { shown, shownRecords } from './show.mjs'
import { minute, say } from './words.mjs'

const KEPT = 'longtrace-verify-lists'
const KEYS = '/api/v1/keys'
const REVOKED = '/api/v1/revocations'
const find = (id) => document.getElementById(id)
const lists = { keys: null, revocations: null, fresh: false }

/** The newest answer there is: from the network, else the one kept. */
async function newest(address) {
  const kept = 'caches' in globalThis ? await caches.open(KEPT) : null
  try {
    const answer = await fetch(address, { cache: 'no-cache' })
    if (!answer.ok) throw new Error(String(answer.status))
    await kept?.put(address, answer.clone())
    return [answer, true]
  } catch {
    return [(await kept?.match(address)) ?? null, false]
  }
}

async function loadLists() {
  const [[keys, fresh], [revoked]] = await Promise.all([newest(KEYS), newest(REVOKED)])
  lists.fresh = fresh
  lists.keys = keys ? await keys.json() : null
  try {
    lists.revocations = revoked ? await readRevocations(new Uint8Array(await revoked.arrayBuffer()), lists.keys) : null
  } catch { lists.revocations = null }
  tellLists()
}

function tellLists() {
  const dates = { keysAsOf: lists.keys && minute(Date.parse(lists.keys.as_of)), asOf: minute(lists.revocations?.asOf) }
  const words = lists.keys ? say('lists', dates) : say('lists_none')
  find('lists').textContent = lists.keys && !lists.fresh ? `${say('offline')}${words}` : words
}

function put(cards) {
  find('outcome').replaceChildren(...cards)
  find('outcome').scrollIntoView({ block: 'start' })
  find('verdict')?.focus({ preventScroll: true })
}

async function checkText(said) {
  await ready
  const found = read(said)
  if (!found) return put(shown({ verdict: 'garbage' }))
  const given = found.code ? await fetched(found.code) : found
  if (given.verdict) return put(shown(given))
  if (given.records) return put(shownRecords(await Promise.all(given.records.map((one) => checkRecord(one, lists.keys)))))
  const outcome = await check(given, lists.keys, lists.revocations, Date.now())
  const list = lists.revocations
  return put(shown({ ...outcome, rate: list?.rate, revocationsCount: list?.count }))
}

/** The signed certificate of a code, with its place in the register once it is sealed. */
async function fetched(code) {
  const trace = `/api/v1/traces/${encodeURIComponent(code)}`
  try {
    const answer = await fetch(`${trace}/certificate`)
    if (answer.status === 404) return { verdict: 'not_found' }
    if (answer.status === 422) return { verdict: 'unsigned' }
    if (!answer.ok) return { verdict: 'fetch_failed' }
    const given = read(await answer.text())
    if (!given?.bundle) return { verdict: 'garbage' }
    return { ...given, code, bundle: withPlace(given.bundle, await recordsAt(`${trace}/proof`)) }
  } catch { return { verdict: 'fetch_failed' } }
}

/** What the register says of it; nothing when it says nothing, and the signature is checked all the same. */
async function recordsAt(address) {
  try {
    const answer = await fetch(address)
    return (answer.ok && read(await answer.text())?.records) || []
  } catch { return [] }
}

const hint = (words) => { find('hint').textContent = words }

const seeing = () => ('BarcodeDetector' in globalThis ? new BarcodeDetector({ formats: ['qr_code'] }) : null)

/** The proof among the codes that were seen, else the first; null when there was none. */
function chosen(codes) {
  const texts = codes.map((one) => one.rawValue).filter(Boolean)
  return texts.find((one) => read(one)?.token) ?? texts[0] ?? null
}

async function checkFile(file) {
  hint('')
  if (!file) return null
  if (!file.type.startsWith('image/')) return checkText(await file.text())
  const eye = seeing()
  if (!eye) return hint(say('no_scanner'))
  try {
    const text = chosen(await eye.detect(await createImageBitmap(file)))
    return text ? checkText(text) : hint(say('no_code'))
  } catch { return hint(say('no_code')) }
}

async function scan() {
  const eye = seeing()
  if (!eye) return hint(say('no_scanner'))
  const film = find('film')
  try {
    film.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: 1280 } })
    await film.play()
  } catch { return hint(say('no_camera')) }
  film.hidden = false
  hint(say('scanning'))
  return look(eye, film)
}

async function look(eye, film) {
  const codes = await eye.detect(film).catch(() => [])
  const text = chosen(codes)
  if (!text || !read(text)?.token) return setTimeout(look, 250, eye, film)
  for (const track of film.srcObject.getTracks()) track.stop()
  film.hidden = true
  hint('')
  return checkText(text)
}

function fromAddress() {
  const said = decodeURIComponent(location.hash.slice(1))
  if (said) checkText(said)
}

function listen() {
  find('form').addEventListener('submit', (event) => { event.preventDefault(); checkText(find('said').value) })
  find('file').addEventListener('change', (event) => checkFile(event.target.files[0]))
  find('scan').addEventListener('click', scan)
  addEventListener('hashchange', fromAddress)
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => { event.preventDefault(); checkFile(event.dataTransfer.files[0]) })
  addEventListener('online', loadLists)
}

const ready = loadLists()
listen()
fromAddress()
document.documentElement.dataset.ready = 'yes'
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/verify/sw.js', { scope: '/verify' }).catch(() => null)
