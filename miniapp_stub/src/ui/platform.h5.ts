/** What only the browser can say or do. */
import { drawn } from './drawing'

export function watchSignal(tell: (online: boolean) => void): () => void {
  const say = () => tell(navigator.onLine)
  say()
  window.addEventListener('online', say)
  window.addEventListener('offline', say)
  return () => {
    window.removeEventListener('online', say)
    window.removeEventListener('offline', say)
  }
}

/** In a browser there is no WeChat to log in with; who has no invitation yet asks for one. */
export const inWeChat = false

export async function loginCode(): Promise<string | undefined> {
  return undefined
}

export type Where = { kind: 'here'; lon: number; lat: number; accuracy_m: number | null } | { kind: 'denied' } | { kind: 'unknown' }

const PATIENCE = 20_000
const EDGE = 1600
const SMALL = 600_000

/** Where the phone is now (WGS 84), asked only after a tap; the browser itself asks the person first. */
export function position(): Promise<Where> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({ kind: 'unknown' })
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ kind: 'here', lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
      (wrong) => resolve({ kind: wrong.code === wrong.PERMISSION_DENIED ? 'denied' : 'unknown' }),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0 },
    )
  })
}

/** How much larger than usual the person made all text in the browser: 1 when they did not. */
export function systemScale(): number {
  const probe = document.createElement('span')
  probe.style.cssText = 'font-size:medium;position:absolute;visibility:hidden'
  document.body.append(probe)
  const size = Number.parseFloat(getComputedStyle(probe).fontSize)
  probe.remove()
  return size > 0 ? size / 16 : 1
}

/** Let the person choose photos; the empty list when they chose none. Paths can be kept with the storage port. Who chose more
 * than `most` keeps the first ones, and `over` is told how many there were. */
export function choosePhotos(most: number, over?: (chosen: number) => void): Promise<string[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = 'image/*'
    input.multiple = most > 1
    input.onchange = () => {
      const chosen = [...(input.files ?? [])]
      if (chosen.length > most) over?.(chosen.length)
      resolve(chosen.slice(0, most).map((file) => URL.createObjectURL(file)))
    }
    input.oncancel = () => resolve([])
    input.click()
  })
}

/** A chosen picture small enough to send over a bad line; one that is small already stays as it is. Rejects what is no picture. */
export async function smaller(path: string): Promise<string> {
  const chosen = await (await fetch(path)).blob()
  const whole = await createImageBitmap(chosen)
  const by = Math.min(1, EDGE / Math.max(whole.width, whole.height))
  if (by === 1 && chosen.size <= SMALL) return path
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(whole.width * by)
  canvas.height = Math.round(whole.height * by)
  canvas.getContext('2d')?.drawImage(whole, 0, 0, canvas.width, canvas.height)
  whole.close()
  return pictured(canvas, 'image/jpeg', 0.82)
}

async function pictured(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<string> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality))
  if (!blob) throw new Error('no picture')
  return URL.createObjectURL(blob)
}

/** What a scanner saw; `foreign` when it is known to be of another system. The text is empty when there was no code. */
export interface Scanned { text: string; foreign: boolean }

/** A photo of a code is read by the server, which keeps nothing. Undefined when nobody chose one; rejects when nobody could look. */
export async function scan(): Promise<Scanned | undefined> {
  const [path] = await choosePhotos(1)
  if (!path) return undefined
  const photo = await smaller(path).catch(() => undefined)
  if (!photo) return { text: '', foreign: false }
  const { texts, path: ours } = await readThere(await (await fetch(photo)).blob())
  return { text: ours ? location.origin + ours : texts[0] ?? '', foreign: !ours && texts.length > 0 }
}

/** What the server reads on a photo, and where a code of ours leads; nothing when it cannot be read. Rejects without signal. */
async function readThere(photo: Blob): Promise<{ texts: string[]; path: string | null }> {
  const body = new FormData()
  body.append('photo', photo, 'code.jpg')
  const answer = await fetch('/scan', { method: 'POST', body, headers: { Accept: 'application/json' }, signal: AbortSignal.timeout?.(60_000) })
  return answer.ok ? await answer.json() as { texts: string[]; path: string | null } : { texts: [], path: null }
}

export async function share(title: string, url: string): Promise<'shared' | 'copied'> {
  if (navigator.share) {
    await navigator.share({ title, url }).catch(() => undefined)
    return 'shared'
  }
  await navigator.clipboard.writeText(url)
  return 'copied'
}

/** Hands the person a text file. */
export function saveText(name: string, text: string): void {
  keep(name, URL.createObjectURL(new Blob([text], { type: 'application/json' })))
}

function keep(name: string, url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}

export interface Line { text: string; size: number; bold?: boolean }

/** Hands the person a picture of a few lines of text. */
export async function savePicture(name: string, lines: readonly Line[]): Promise<void> {
  const canvas = document.createElement('canvas')
  drawn(canvas, lines)
  keep(name, await pictured(canvas, 'image/png'))
}

/** Hands the person a file that was fetched: to share where the browser can, else to keep. */
export async function giveFile(name: string, path: string, type: string): Promise<void> {
  const file = new File([await (await fetch(path)).blob()], name, { type })
  if (navigator.canShare?.({ files: [file] })) {
    const given = await navigator.share({ files: [file], title: name }).then(() => true, (error: Error) => error.name === 'AbortError')
    if (given) return
  }
  keep(name, path)
}

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
}

/** Asks before the window is closed while `waiting` says so; returns how to stop asking. */
export function askBeforeLeaving(waiting: () => boolean, _message: string): () => void {
  const ask = (event: BeforeUnloadEvent) => { if (waiting()) event.preventDefault() }
  window.addEventListener('beforeunload', ask)
  return () => window.removeEventListener('beforeunload', ask)
}

/** Opens a page of somebody else. */
export function openLink(url: string): void {
  window.open(url, '_blank', 'noopener')
}

/** The app starts without signal too, and for who asked for less motion no page slides. */
export function prepare(): void {
  const router = (window as { __taroAppConfig?: { animation?: boolean } }).__taroAppConfig
  if (router && window.matchMedia('(prefers-reduced-motion: reduce)').matches) router.animation = false
  if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/app/sw.js', { scope: '/app/' }).catch(() => undefined)
}

/** Failures that nobody saw to. */
export function watchFailures(tell: (error: unknown) => void): void {
  window.addEventListener('unhandledrejection', ({ reason }) => tell(reason))
}

let launched = false

/** What a link brought along, `?q=` or `?code=` before the hash: once, for the address keeps it when home is shown anew. */
export function launchedWith(_params: Record<string, string | undefined>): string | undefined {
  if (launched) return undefined
  launched = true
  const query = new URLSearchParams(window.location.search)
  return query.get('q') ?? query.get('code') ?? undefined
}

interface Detector { detect(image: ImageBitmap): Promise<{ rawValue: string }[]> }
interface Speech { lang: string; onresult: (event: { results: { [place: number]: { [place: number]: { transcript: string } } } }) => void; onerror: () => void; onend: () => void; start(): void }
type Own = { BarcodeDetector?: new () => Detector; SpeechRecognition?: new () => Speech; webkitSpeechRecognition?: new () => Speech }

/**
 * What the codes on a photo of a pack or a paper say: read here where the browser can, else by the server, which keeps nothing. Undefined
 * when nobody chose a photo; rejects when nobody could look at it.
 */
export async function readPack(): Promise<string[] | undefined> {
  const [path] = await choosePhotos(1)
  if (!path) return undefined
  const photo = await (await fetch(path)).blob()
  const here = await seenHere(photo).catch(() => [])
  if (here.length) return here
  return (await readThere(photo)).texts
}

async function seenHere(photo: Blob): Promise<string[]> {
  const { BarcodeDetector } = window as unknown as Own
  if (!BarcodeDetector) return []
  return (await new BarcodeDetector().detect(await createImageBitmap(photo))).map((code) => code.rawValue)
}

/** One spoken sentence as text, where this browser hears; undefined where it does not. */
export function ear(english: boolean): (() => Promise<string>) | undefined {
  const own = window as unknown as Own
  const Heard = own.SpeechRecognition ?? own.webkitSpeechRecognition
  if (!Heard) return undefined
  return () => new Promise((resolve, reject) => {
    const speech = new Heard()
    speech.lang = english ? 'en' : 'zh-CN'
    speech.onresult = ({ results }) => resolve(results[0]?.[0]?.transcript ?? '')
    speech.onerror = () => reject(new Error('not heard'))
    speech.onend = () => resolve('')
    speech.start()
  })
}

/** Messages outside the app: a browser sends none, they stand in the inbox. */
export async function askMessages(_templates: string[]): Promise<string[] | undefined> {
  return undefined
}
