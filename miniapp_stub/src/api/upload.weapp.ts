/** Sends a kept file from WeChat. */
import Taro from '@tarojs/taro'
import { readFile } from '@/storage/port'
import type { Raw } from './request'

export async function upload(url: string, name: string, file: string, form: Record<string, string>, header: Record<string, string>): Promise<Raw> {
  try {
    const answer = await Taro.uploadFile({ url, name, filePath: String(await readFile(file)), formData: form, header })
    return { statusCode: answer.statusCode, data: JSON.parse(answer.data) as unknown }
  } catch {
    return { statusCode: 0, data: undefined }
  }
}
