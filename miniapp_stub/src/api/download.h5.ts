/** Fetches a file into the browser. */
import type { Fetched, Raw } from './request'

const PATIENCE = 60_000

export async function download(url: string, _name: string, header: Record<string, string>): Promise<Raw> {
  try {
    const answer = await fetch(url, { headers: header, signal: AbortSignal.timeout?.(PATIENCE) })
    if (!answer.ok) return { statusCode: answer.status, data: await answer.json() as unknown }
    const blob = await answer.blob()
    const data: Fetched = { path: URL.createObjectURL(blob), bytes: async () => new Uint8Array(await blob.arrayBuffer()) }
    return { statusCode: answer.status, data }
  } catch {
    return { statusCode: 0, data: undefined }
  }
}
