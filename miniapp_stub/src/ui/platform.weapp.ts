/** What only WeChat can say or do. */
import Taro from '@tarojs/taro'

export function watchSignal(tell: (online: boolean) => void): () => void {
  const say = ({ isConnected }: { isConnected: boolean }) => tell(isConnected)
  void Taro.getNetworkType().then(({ networkType }) => tell(networkType !== 'none'))
  Taro.onNetworkStatusChange(say)
  return () => Taro.offNetworkStatusChange(say)
}

/** Let the person choose photos; the empty list when they chose none. */
export async function choosePhotos(most: number): Promise<string[]> {
  const chosen = await Taro.chooseMedia({ count: most, mediaType: ['image'], sizeType: ['compressed'] }).catch(() => undefined)
  return chosen?.tempFiles.map((file) => file.tempFilePath) ?? []
}

/** The text of a code. Undefined when nothing was scanned. */
export async function scan(): Promise<string | undefined> {
  return (await Taro.scanCode({}).catch(() => undefined))?.result
}

export async function share(_title: string, url: string): Promise<'shared' | 'copied'> {
  await Taro.setClipboardData({ data: url })
  return 'copied'
}

/** Hands the person a text file. */
export function saveText(name: string, text: string): void {
  const path = `${Taro.env.USER_DATA_PATH ?? ''}/${name}`
  Taro.getFileSystemManager().writeFileSync(path, text, 'utf8')
  void Taro.shareFileMessage({ filePath: path, fileName: name })
}

/** Pages of the site are not in WeChat's package. */
export function openSite(path: string): void {
  void Taro.setClipboardData({ data: `${process.env.TARO_APP_API ?? ''}${path}` })
}

export function keepShell(): void {}

/** What the scanned link brought along: WeChat hands it over as `q`, encoded once more. */
export function launchedWith(): string | undefined {
  const { q, scene, code } = Taro.getLaunchOptionsSync().query ?? {}
  const given: unknown = q ?? scene ?? code
  return typeof given === 'string' ? decodeURIComponent(given) : undefined
}
