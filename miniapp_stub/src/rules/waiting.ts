/** What uses still on the phone mean for a batch's harvest. Pure. */
import type { Item } from '@/outbox/rules'
import { crops, recordKinds } from '@/vocab'
import { interval, timed, type KnownInput } from './inputs'

/** Last day and interval of each use of this batch that the window read at `known` (ms) cannot hold yet; one without a number, where there
 * is an interval, nobody knows: it closes the window, as it will on the server. */
export function waitingUses(items: readonly Item[], batch: { id: string; crop: string }, known: number): { ended_on: string; days: number | undefined; unknown: boolean }[] {
  const names = crops.find((crop) => crop.code === batch.crop)?.label_crops ?? []
  return items
    .filter((item) => item.kind === 'record' && (item.state !== 'delivered' || (item.deliveredAt ?? 0) > known) && item.body.batch_id === batch.id)
    .flatMap((item) => ((item.body.inputs ?? []) as KnownInput[]).map((use) => ({
      ended_on: String(item.body.ended_on ?? item.body.happened_on),
      days: interval({ ...use, labels: item.labels?.[use.registration_no ?? ''] }, names),
      unknown: !use.registration_no && timed(recordKinds.find((kind) => kind.code === item.body.kind)?.input_kinds ?? []),
    })))
}
