/** The printer at hand: finding it, connecting, sending a job. One connection at a time. */
import { Job, type Link, type Outcome, type Progress } from '@/printing/job'
import type { Found } from '@/printing/printers'
import { connect } from '@/printing/transport'

export { NoPrinter, type Found, type Trouble } from '@/printing/printers'
export { seek, supported } from '@/printing/transport'
export { SIZES, testPage } from '@/printing/testpage'
export type { Outcome, Progress } from '@/printing/job'

const clock = { wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) }
/** Printers that were left with half a label, by id: a new connection begins with a line end. */
const unfinished = new Set<string>()

export interface Press { id: string; link: Link }

/** Raises NoPrinter. */
export async function reach(printer: Found): Promise<Press> {
  const link = await connect(printer.id)
  link.dirty = unfinished.has(printer.id)
  return { id: printer.id, link }
}

export function job(bytes: Uint8Array, tell: (progress: Progress) => void): Job {
  return new Job(bytes, clock, tell)
}

/** Sends a job, or goes on with it. Never rejects. */
export async function press({ id, link }: Press, one: Job): Promise<Outcome> {
  unfinished.add(id)
  const outcome = await one.run(link)
  if (outcome === 'done') unfinished.delete(id)
  return outcome
}
