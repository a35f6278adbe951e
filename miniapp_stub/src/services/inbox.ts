/** What a person was told, and the messages outside the app that they agreed to. */
import { call } from '@/api/request'
import { own } from '@/state/own'
import { askMessages } from '@/ui/platform'
import type { Out } from './farming'
import { freshId } from './outbox'

export type Notice = Out<'InboxNoticeOut'> & { title: { zh: string; en: string }; text: { zh: string; en: string } }
type Summary = Out<'SummaryOut'>

export const notices = () => own<Notice[]>('notices', [])
export const summary = () => own<Summary | null>('inbox_summary', null)

/** How much is unread, and what may be asked for. Raises ApiError; what was kept stays. */
export async function refreshSummary(): Promise<void> {
  const kept = summary()
  await kept.set(await call<Summary>('GET', '/api/v1/inbox/summary'))
}

/** The newest notices. Raises ApiError; what was kept stays. */
export async function refreshNotices(): Promise<void> {
  const kept = notices()
  const page = await call<{ items: Notice[] }>('GET', '/api/v1/inbox')
  await kept.set(page.items)
  await refreshSummary()
}

/** These were read. Raises ApiError. */
export async function markRead(ids: string[]): Promise<void> {
  const [kept, told] = [summary(), notices()]
  await kept.set(await call<Summary>('POST', '/api/v1/inbox/reading', { body: { ids } }))
  await told.set(told.get().map((one) => (ids.includes(one.id) ? { ...one, unread: false } : one)))
}

export type Reminder = 'inbox' | 'refused' | { agreed: number }

/**
 * Ask for one message of this kind outside the app; to be called in a tap, which WeChat insists on, so what may be asked for was
 * read before. `inbox`: this platform sends none. Each tap on “allow” is counted once. Raises ApiError.
 */
export async function remindMe(kind: string): Promise<Reminder> {
  const kept = summary()
  const template = kept.get()?.consents.find((one) => one.kind === kind)?.template_id
  const accepted = template && (await askMessages([template]))
  if (!accepted) return 'inbox'
  if (!accepted.includes(template)) return 'refused'
  const counted = await call<Summary>('POST', '/api/v1/inbox/consents', { body: { client_id: freshId(), kinds: [kind] } })
  await kept.set(counted)
  return { agreed: counted.consents.find((one) => one.kind === kind)?.count ?? 0 }
}
