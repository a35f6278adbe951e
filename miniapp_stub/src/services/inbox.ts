/** What a person was told, and the messages outside the app that they agreed to. */
import { call } from '@/api/request'
import type { Store } from '@/state/store'
import { askMessages } from '@/ui/platform'
import { per, type Out } from './farming'
import { freshId } from './outbox'

export type Notice = Out<'InboxNoticeOut'> & { title: { zh: string; en: string }; text: { zh: string; en: string } }
type Summary = Out<'SummaryOut'>

const kept = new Map<string, Store<Notice[]>>()
const summaries = new Map<string, Store<Summary | null>>()
export const notices = () => per(kept, 'notices', [])
export const summary = () => per(summaries, 'inbox_summary', null)

/** How much is unread, and what may be asked for. Raises ApiError; what was kept stays. */
export async function refreshSummary(): Promise<void> {
  await summary().set(await call<Summary>('GET', '/api/v1/inbox/summary'))
}

/** The newest notices. Raises ApiError; what was kept stays. */
export async function refreshNotices(): Promise<void> {
  const page = await call<{ items: Notice[] }>('GET', '/api/v1/inbox')
  await notices().set(page.items)
  await refreshSummary()
}

/** These were read. Raises ApiError. */
export async function markRead(ids: string[]): Promise<void> {
  await summary().set(await call<Summary>('POST', '/api/v1/inbox/reading', { body: { ids } }))
  await notices().set(notices().get().map((one) => (ids.includes(one.id) ? { ...one, unread: false } : one)))
}

export type Reminder = 'inbox' | 'refused' | { agreed: number }

/**
 * Ask for one message of this kind outside the app; to be called in a tap, which WeChat insists on, so what may be asked for was
 * read before. `inbox`: this platform sends none. Each tap on “allow” is counted once. Raises ApiError.
 */
export async function remindMe(kind: string): Promise<Reminder> {
  const template = summary().get()?.consents.find((one) => one.kind === kind)?.template_id
  const accepted = template && (await askMessages([template]))
  if (!accepted) return 'inbox'
  if (!accepted.includes(template)) return 'refused'
  const counted = await call<Summary>('POST', '/api/v1/inbox/consents', { body: { client_id: freshId(), kinds: [kind] } })
  await summary().set(counted)
  return { agreed: counted.consents.find((one) => one.kind === kind)?.count ?? 0 }
}
