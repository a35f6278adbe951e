/** Files that the app hands a person, in WeChat: in one folder of its own, so that they are taken away together. Photos that wait to be
 * sent are not among them. */
import Taro from '@tarojs/taro'

const folder = () => `${Taro.env.USER_DATA_PATH ?? ''}/given`

/** Where a file of that name is written. Throws when the phone is full. */
export function givenPath(name: string): string {
  const files = Taro.getFileSystemManager()
  try {
    files.accessSync(folder())
  } catch {
    files.mkdirSync(folder(), true)
  }
  return `${folder()}/${name}`
}

/** One of them; erasing what is not there is no error. */
export async function dropGiven(name: string): Promise<void> {
  await new Promise<void>((resolve) => Taro.getFileSystemManager().unlink({ filePath: `${folder()}/${name}`, complete: () => resolve() }))
}

/** All of them. Rejects when they are still there. */
export async function eraseGiven(): Promise<void> {
  const files = Taro.getFileSystemManager()
  await new Promise<void>((resolve, reject) => files.rmdir({
    dirPath: folder(), recursive: true, success: () => resolve(),
    fail: (wrong) => files.access({ path: folder(), success: () => reject(wrong), fail: () => resolve() }),
  }))
}
