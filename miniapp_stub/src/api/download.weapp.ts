/** Fetches a file into WeChat's user folder, beside the others that are handed to a person. */
import Taro from '@tarojs/taro'
import { givenPath } from '@/storage/given.weapp'
import type { Fetched, Raw } from './request'

const PATIENCE = 60_000

export async function download(url: string, name: string, header: Record<string, string>): Promise<Raw> {
  const files = Taro.getFileSystemManager()
  try {
    const path = givenPath(name)
    const answer = await Taro.downloadFile({ url, header, filePath: path, timeout: PATIENCE })
    if (answer.statusCode !== 200) return { statusCode: answer.statusCode, data: JSON.parse(String(files.readFileSync(path, 'utf8'))) as unknown }
    const data: Fetched = { path, bytes: async () => new Uint8Array(files.readFileSync(path) as ArrayBuffer) }
    return { statusCode: answer.statusCode, data }
  } catch {
    return { statusCode: 0, data: undefined }
  }
}
