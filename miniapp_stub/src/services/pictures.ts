/** Pictures of the articles that are kept for reading without signal, each under the name of its file. */
import { download } from '@/api/request'
import { dropGiven } from '@/storage/given'
import * as port from '@/storage/port'

const file = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const kept = (path: string) => `drawn-${file(path)}`

/** One after the other, as long as what they belong to is kept; what cannot be fetched or kept is left out, its words stay. */
export async function keepPictures(paths: readonly string[], wanted: () => Promise<boolean>): Promise<void> {
  for (const path of paths) await keep(path, wanted).catch(() => undefined)
}

async function keep(path: string, wanted: () => Promise<boolean>): Promise<void> {
  if (!(await wanted()) || await port.hasFile(kept(path))) return
  const fetched = await download(path)
  if (await wanted()) await port.keepFile(kept(path), fetched.path)
  await dropGiven(file(path)) // WeChat fetched it to there
}

export async function erasePictures(paths: readonly string[]): Promise<void> {
  for (const path of paths) await port.eraseFile(kept(path))
}

/** Where the phone has it; undefined when it has not. */
export function keptPicture(path: string): Promise<string | undefined> {
  return port.fileUrl(kept(path))
}
