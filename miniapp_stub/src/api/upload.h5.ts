/** Sends a kept file from the browser. */
import { readFile } from '@/storage/port'
import type { Raw } from './request'

export async function upload(url: string, name: string, file: string, form: Record<string, string>, header: Record<string, string>): Promise<Raw> {
  const blob = await readFile(file)
  const body = new FormData()
  Object.entries(form).forEach(([key, value]) => body.append(key, value))
  if (blob) body.append(name, blob, `${file}.jpg`)
  try {
    const answer = await fetch(url, { method: 'POST', body, headers: header })
    return { statusCode: answer.status, data: await answer.json() as unknown }
  } catch {
    return { statusCode: 0, data: undefined }
  }
}
