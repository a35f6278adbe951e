/** Sends files from the browser. */
import { readFile } from '@/storage/port'
import type { Raw } from './request'

const PATIENCE = 180_000 // a photo on a line of the second generation

export async function upload(url: string, name: string, file: string, form: Record<string, string>, header: Record<string, string>): Promise<Raw> {
  const blob = await readFile(file)
  return sent(url, form, blob ? [[name, blob, `${file}.jpg`]] : [], header)
}

/** A form with chosen photos (paths as the chooser gave them) under one name. */
export async function submit(url: string, form: Record<string, string>, name: string, photos: readonly string[], header: Record<string, string>): Promise<Raw> {
  const blobs = await Promise.all(photos.map(async (path) => (await fetch(path)).blob()))
  return sent(url, form, blobs.map((blob, place) => [name, blob, `${place + 1}.jpg`]), header)
}

async function sent(url: string, form: Record<string, string>, files: readonly [string, Blob, string][], header: Record<string, string>): Promise<Raw> {
  const body = new FormData()
  Object.entries(form).forEach(([key, value]) => body.append(key, value))
  files.forEach(([name, blob, called]) => body.append(name, blob, called))
  try {
    const answer = await fetch(url, { method: 'POST', body, headers: header, signal: AbortSignal.timeout?.(PATIENCE) })
    return { statusCode: answer.status, data: await answer.json() as unknown }
  } catch {
    return { statusCode: 0, data: undefined }
  }
}
