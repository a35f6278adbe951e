/** What stays on the phone, in WeChat: its storage for values (1 MB a key), its user folder for photos. */
import Taro from '@tarojs/taro'

export async function read(key: string): Promise<unknown> {
  const found: unknown = Taro.getStorageSync(key)
  return found === '' ? undefined : found
}

/** All or nothing: what was told as not kept must not be sent later. Rejects when the phone is full. */
export async function write(entries: readonly (readonly [string, unknown])[]): Promise<void> {
  const before: [string, unknown][] = []
  try {
    for (const [key, value] of entries) {
      const old: unknown = entries.length > 1 ? Taro.getStorageSync(key) : ''
      Taro.setStorageSync(key, value)
      before.push([key, old])
    }
  } catch (error) {
    restore(before)
    throw error
  }
}

/** What is new goes first: that makes room for what was there. */
function restore(before: readonly [string, unknown][]): void {
  before.filter(([, old]) => old === '').forEach(([key]) => Taro.removeStorageSync(key))
  before.filter(([, old]) => old !== '').forEach(([key, old]) => Taro.setStorageSync(key, old))
}

export async function erase(keys: readonly string[]): Promise<void> {
  for (const key of keys) Taro.removeStorageSync(key)
}

/** Values whose key begins with this, by key. */
export async function readAll(prefix: string): Promise<unknown[]> {
  const { keys } = Taro.getStorageInfoSync()
  return keys.filter((key) => key.startsWith(prefix)).sort().map((key): unknown => Taro.getStorageSync(key))
}

/** The names of all values. */
export async function keys(): Promise<string[]> {
  return Taro.getStorageInfoSync().keys
}

function place(id: string): string {
  return `${Taro.env.USER_DATA_PATH ?? ''}/${id}`
}

/** A photo the person chose, kept until it was sent. */
export async function keepFile(id: string, path: string): Promise<void> {
  Taro.getFileSystemManager().copyFileSync(path, place(id))
}

/** Where the kept photo is, for wx.uploadFile. */
export async function readFile(id: string): Promise<string | undefined> {
  return place(id)
}

export async function hasFile(id: string): Promise<boolean> {
  return new Promise((resolve) => Taro.getFileSystemManager().access({ path: place(id), success: () => resolve(true), fail: () => resolve(false) }))
}

/** Where a page finds the kept file; undefined when it is not there. */
export async function fileUrl(id: string): Promise<string | undefined> {
  return (await hasFile(id)) ? place(id) : undefined
}

/** Erasing what is not there is no error. */
export async function eraseFile(id: string): Promise<void> {
  await new Promise<void>((resolve) => Taro.getFileSystemManager().unlink({ filePath: place(id), complete: () => resolve() }))
}

/** All files that lie there: photos that wait and pictures of articles. */
export async function eraseFiles(): Promise<void> {
  const names = await new Promise<string[]>((resolve, reject) => Taro.getFileSystemManager().readdir({ dirPath: place(''), success: ({ files }) => resolve(files), fail: reject }))
  for (const name of names) await eraseFile(name)
}

/** The kept photo as text (a data URL), for the export; undefined when it is not there. */
export async function fileText(id: string): Promise<string | undefined> {
  return new Promise((resolve) => Taro.getFileSystemManager().readFile({
    filePath: place(id), encoding: 'base64',
    success: ({ data }) => resolve(`data:image/jpeg;base64,${String(data)}`),
    fail: () => resolve(undefined),
  }))
}
