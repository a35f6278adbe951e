/** Sends files from WeChat. */
import Taro from '@tarojs/taro'
import { readFile } from '@/storage/port'
import { multipart } from './multipart'
import type { Raw } from './request'

const PATIENCE = 180_000 // a photo on a line of the second generation; WeChat itself gives up after one minute

export async function upload(url: string, name: string, file: string, form: Record<string, string>, header: Record<string, string>): Promise<Raw> {
  try {
    const answer = await Taro.uploadFile({ url, name, filePath: String(await readFile(file)), formData: form, header, timeout: PATIENCE })
    return { statusCode: answer.statusCode, data: JSON.parse(answer.data) as unknown }
  } catch {
    return { statusCode: 0, data: undefined }
  }
}

/** A form with chosen photos under one name, in one request: wx.uploadFile takes one file only, so the body is written here. */
export async function submit(url: string, form: Record<string, string>, name: string, photos: readonly string[], header: Record<string, string>): Promise<Raw> {
  try {
    const files = await Promise.all(photos.map(async (path, place) => ({ name, called: `${place + 1}.jpg`, bytes: await bytesOf(path) })))
    const { body, type } = multipart(form, files)
    return await Taro.request({ url, method: 'POST', data: body, header: { ...header, 'Content-Type': type }, timeout: PATIENCE })
  } catch {
    return { statusCode: 0, data: undefined }
  }
}

function bytesOf(filePath: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => Taro.getFileSystemManager().readFile({
    filePath, success: ({ data }) => resolve(new Uint8Array(data as ArrayBuffer)), fail: reject,
  }))
}
