/** What only WeChat can say or do. Camera, album, position and scanner are asked for behind one gate. */
import Taro from '@tarojs/taro'
import { denied, Gate } from '@/rules/consent'
import { givenPath } from '@/storage/given.weapp'
import { explain } from './denied.weapp'
import { drawn } from './drawing'

/** WeChat's own word on whether the person agreed to the privacy guide; older versions know of none. */
export const gate = new Gate(() => new Promise((resolve) => {
  if (!Taro.canIUse('getPrivacySetting')) return resolve(false)
  Taro.getPrivacySetting({ success: ({ needAuthorization }) => resolve(needAuthorization), fail: () => resolve(true) })
}))

/** The button of the notice; WeChat checks that it was tapped. */
export const AGREE = 'agree'

export function watchSignal(tell: (online: boolean) => void): () => void {
  const say = ({ isConnected }: { isConnected: boolean }) => tell(isConnected)
  void Taro.getNetworkType().then(({ networkType }) => tell(networkType !== 'none'))
  Taro.onNetworkStatusChange(say)
  return () => Taro.offNetworkStatusChange(say)
}

export const inWeChat = true

/** What wx.login gives, good for one login; undefined when WeChat gives none. */
export async function loginCode(): Promise<string | undefined> {
  return (await Taro.login().catch(() => undefined))?.code
}

export type Where = { kind: 'here'; lon: number; lat: number; accuracy_m: number | null } | { kind: 'denied' } | { kind: 'unknown' }

/** Where the phone is now (WGS 84), asked only after a tap. */
export async function position(): Promise<Where> {
  if (!(await gate.pass())) return { kind: 'denied' }
  try {
    const found = await Taro.getLocation({ type: 'wgs84', isHighAccuracy: true, highAccuracyExpireTime: 5000 })
    return { kind: 'here', lon: found.longitude, lat: found.latitude, accuracy_m: found.accuracy ?? null }
  } catch (wrong) {
    if (!denied(wrong)) return { kind: 'unknown' }
    await explain('position')
    return { kind: 'denied' }
  }
}

const USUAL = 16

/** How much larger than usual the person made all text in WeChat: 1 when they did not. */
export function systemScale(): number {
  const said = (Taro.canIUse('getAppBaseInfo') ? Taro.getAppBaseInfo() : Taro.getSystemInfoSync()) as { fontSizeSetting?: number }
  const size = said.fontSizeSetting
  return size ? size / USUAL : 1
}

/** Who called it off wanted nothing; who does not allow it is told of the settings and of the other way. */
async function given(wrong: unknown): Promise<undefined> {
  if (denied(wrong)) await explain('camera')
}

/** Let the person choose photos; the empty list when they chose none or do not want it. */
export async function choosePhotos(most: number, _over?: (chosen: number) => void): Promise<string[]> {
  if (!(await gate.pass())) return []
  const chosen = await Taro.chooseMedia({ count: most, mediaType: ['image'], sizeType: ['compressed'] }).catch(given)
  return chosen?.tempFiles.map((file) => file.tempFilePath) ?? []
}

/** A chosen picture small enough to send over a bad line. Rejects what is no picture. */
export async function smaller(path: string): Promise<string> {
  return (await Taro.compressImage({ src: path, quality: 80, compressedWidth: 1600 })).tempFilePath
}

/** What a scanner saw; WeChat's own does not know whose a code is. */
export interface Scanned { text: string; foreign: boolean }

/** Undefined when nothing was scanned. */
export async function scan(): Promise<Scanned | undefined> {
  if (!(await gate.pass())) return undefined
  const text = (await Taro.scanCode({}).catch(given))?.result
  return text === undefined ? undefined : { text, foreign: false }
}

export async function share(_title: string, url: string): Promise<'shared' | 'copied'> {
  await Taro.setClipboardData({ data: url })
  return 'copied'
}

/** Hands the person a text file. */
export function saveText(name: string, text: string): void {
  const path = givenPath(name)
  Taro.getFileSystemManager().writeFileSync(path, text, 'utf8')
  void Taro.shareFileMessage({ filePath: path, fileName: name })
}

export interface Line { text: string; size: number; bold?: boolean }

/** Puts a picture of a few lines of text into the album. */
export async function savePicture(_name: string, lines: readonly Line[]): Promise<void> {
  const canvas = Taro.createOffscreenCanvas({ type: '2d', width: 720, height: 10 })
  drawn(canvas as unknown as HTMLCanvasElement, lines)
  const { tempFilePath } = await Taro.canvasToTempFilePath({ canvas: canvas as unknown as Taro.Canvas, fileType: 'png' })
  await Taro.saveImageToPhotosAlbum({ filePath: tempFilePath })
}

export async function copyText(text: string): Promise<void> {
  await Taro.setClipboardData({ data: text })
}

/** Asks before the page is left; returns how to stop asking. */
export function askBeforeLeaving(_waiting: () => boolean, message: string): () => void {
  void Taro.enableAlertBeforeUnload({ message })
  return () => { void Taro.disableAlertBeforeUnload() }
}

/** Hands the person a PDF that was fetched: it opens, and its menu sends it on. */
export async function giveFile(name: string, path: string, _type: string): Promise<void> {
  await Taro.openDocument({ filePath: path, fileType: name.endsWith('.xlsx') ? 'xlsx' : 'pdf', showMenu: true })
}

/** WeChat opens nobody else's pages: the address is copied. */
export function openLink(url: string): void {
  void Taro.setClipboardData({ data: url })
}

/** Whatever WeChat itself finds to be private goes through the same gate. */
export function prepare(): void {
  if (!Taro.canIUse('onNeedPrivacyAuthorization')) return
  Taro.onNeedPrivacyAuthorization((resolve) => {
    void gate.ask().then((agreed) => resolve(agreed ? { event: 'agree', buttonId: AGREE } : { event: 'disagree' }))
  })
}

/** Failures that nobody saw to. */
export function watchFailures(tell: (error: unknown) => void): void {
  Taro.onUnhandledRejection(({ reason }) => tell(reason))
}

/** What the scanned link brought along: WeChat hands it over as `q`, encoded once more. It closes all pages and opens home anew for each scan, so
 * `params` of the page are of this one; what the app was started with stays the first. */
export function launchedWith({ q, scene, code }: Record<string, string | undefined>): string | undefined {
  const given = q ?? scene ?? code
  return given && decodeURIComponent(given)
}

/** What the code on a pack or a paper says. Undefined when nothing was scanned. */
export async function readPack(): Promise<string[] | undefined> {
  if (!(await gate.pass())) return undefined
  const read = await Taro.scanCode({ scanType: ['barCode', 'qrCode', 'datamatrix'] }).catch(given)
  return read && [read.result]
}

/** WeChat's own speech plugin needs a registered mini-program: there is none here. */
export function ear(_english: boolean): (() => Promise<string>) | undefined {
  return undefined
}

/** Asks for one message of each of these templates; those the person accepted. */
export async function askMessages(templates: string[]): Promise<string[] | undefined> {
  const said = await Taro.requestSubscribeMessage({ tmplIds: templates, entityIds: [] }).catch(() => undefined)
  const answers = (said ?? {}) as unknown as Record<string, string>
  return templates.filter((template) => answers[template] === 'accept')
}
