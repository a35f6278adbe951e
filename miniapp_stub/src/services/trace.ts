/** Public traces: one request each, the last twenty kept on the phone. */
import { ApiError, call } from '@/api/request'
import { clearings, forget, store } from '@/state/store'
import * as port from '@/storage/port'

export interface Said<T = string> { value: T; grade: string }
interface Recalled { reason_zh: string; reason_en: string; at: string }
export interface Story {
  code: string; url: string; state: string; state_label: { zh: string; en: string }
  product: { name: Said; variety?: Said; crop: { zh: string; en: string }; quantity?: Said<{ amount: string; unit_zh: string; unit_en: string }> }
  producer: { name: Said; kind_zh: string; kind_en: string }
  place: { text: Said; text_en: string }
  certificate: { number: Said; title: string; lead: string; commitments: string[]; bases: { zh: string; checked: boolean }[]; fields: { label: string; value: string }[]; void_reason: string | null; void_reason_en?: string | null }
  batch?: { waiting: { input: string; example?: boolean; days: number; required_days: number; met: boolean; grade: string }[] } | null
  timeline: { date: string; kind_zh: string; kind_en: string; text: string; inputs: { name: string; amount?: string; unit_zh?: string; unit_en?: string }[]; photos: { url: string; thumb: string }[]; late_days: number; grade: string }[]
  tests?: { kind_zh?: string; verdict_zh?: string; verdict_en?: string; kind_en?: string; lab?: Said | string; date?: string }[]
  recall?: Partial<Recalled> & { reason: string } | null
  part_recalls?: (Recalled & { place: string; place_en: string })[]
  hold?: { reason: string | null; reason_en: string | null } | null
  notices?: { code: string; grave: boolean; zh: string; en: string }[]
  related?: { slug: string; title: string }[]
  [other: string]: unknown
}

export interface Seen { code: string; product: string; state: string; zh: string; en: string; at: number }
export interface Kept { story: Story; at: number }

const MOST = 20
export const seen = store<Seen[]>('seen', [])

export type Looked = { kind: 'fresh'; story: Story } | { kind: 'kept'; story: Story; at: number } | { kind: 'not_found' } | { kind: 'unreachable' }

/** The copy on the phone, if there is one. */
export async function kept(code: string): Promise<Kept | undefined> {
  return (await port.read(`trace:${code}`)) as Kept | undefined
}

/** The trace now; the kept copy when there is no signal. */
export async function look(code: string): Promise<Looked> {
  const before = clearings.count
  try {
    const story = await call<Story>('GET', `/t/${code}`, { open: true })
    if (before === clearings.count) await remember(story).catch(() => undefined) // a full phone keeps no copy, and shows the trace all the same
    return { kind: 'fresh', story }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { kind: 'not_found' } // a fault of ours says nothing of the label
    const copy = await kept(code)
    return copy ? { kind: 'kept', ...copy } : { kind: 'unreachable' }
  }
}

async function remember(story: Story): Promise<void> {
  await seen.load()
  const one: Seen = { code: story.code, product: story.product.name.value, state: story.state, ...story.state_label, at: Date.now() }
  const list = [one, ...seen.get().filter((known) => known.code !== story.code)]
  await port.write([[`trace:${story.code}`, { story, at: Date.now() }]])
  await port.erase(list.slice(MOST).map((old) => `trace:${old.code}`))
  await seen.set(list.slice(0, MOST))
}

export async function clearSeen(): Promise<void> {
  await port.erase(seen.get().map((one) => `trace:${one.code}`))
  await forget((name) => /^proofs?\b/.test(name)) // what was checked says what was seen
  await seen.set([])
}
