/** Photos that go with something written: on the phone before it, or not at all. */
import type { Draft } from '@/outbox/outbox'
import { eraseFile, keepFile } from '@/storage/port'
import { freshId } from './outbox'

/** Photos are kept first; when what they belong to cannot be kept, they are not left behind. */
export async function keepWith(photos: readonly string[], pictured: (id: string, path: string) => Draft, then: (pictures: Draft[]) => Promise<void>): Promise<void> {
  const files = photos.map((path) => ({ id: freshId(), path }))
  try {
    for (const { id, path } of files) await keepFile(id, path)
    await then(files.map(({ id, path }) => pictured(id, path)))
  } catch (error) {
    await Promise.all(files.map(({ id }) => eraseFile(id).catch(() => undefined))) // the first failure is what is told
    throw error
  }
}
