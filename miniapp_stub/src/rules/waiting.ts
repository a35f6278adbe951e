/** What uses still on the phone mean for a batch's harvest. Pure. */
import type { Item } from '@/outbox/rules'
import { crops, recordKinds } from '@/vocab'
import { interval, waits, type KnownInput } from './inputs'

/** Last day and interval of each use of this batch that the window read at `known` (ms) cannot hold yet; one that waits and for which no
 * label gives this crop its days is `unknown`: it closes the window, as it will on the server. */
export function waitingUses(items: readonly Item[], batch: { id: string; crop: string }, known: number): { ended_on: string; days: number | undefined; unknown: boolean }[] {
  const crop = crops.find((one) => one.code === batch.crop)
  return items
    .filter((item) => item.kind === 'record' && (item.state !== 'delivered' || (item.deliveredAt ?? 0) > known) && item.body.batch_id === batch.id)
    .flatMap((item) => ((item.body.inputs ?? []) as KnownInput[]).map((use) => {
      const number = use.registration_no ?? ''
      const input = { ...use, kind: item.kinds?.[number], labels: item.labels?.[number] }
      const days = interval(input, crop)
      const deed = recordKinds.find((kind) => kind.code === item.body.kind)?.input_kinds ?? []
      return { ended_on: String(item.body.ended_on ?? item.body.happened_on), days, unknown: days === undefined && waits(input, deed) }
    }))
}
