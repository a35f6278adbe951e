/** Questions of officers and the answers: what waits on the phone, and whom a question waits for. Pure. */
import type { Item } from '@/outbox/rules'

export const MOST_TEXT = 2000
export const MOST_ANSWER_PHOTOS = 3

const WORDS: ReadonlySet<string> = new Set(['answer', 'question_step'])

/** What was said in this conversation and has not arrived, oldest first; its photos follow it and are not told apart. */
export function unsent(items: readonly Item[], question: string): Item[] {
  return items.filter((item) => WORDS.has(item.kind) && item.state !== 'delivered' && questionOf(item) === question).reverse()
}

/** The question an item belongs to. */
export function questionOf(item: Item): string {
  return decodeURIComponent(/questions\/([^/]+)\//.exec(item.path ?? '')?.[1] ?? '')
}

/** Questions that still want an answer; one that is written and on its way does not. */
export function unanswered<T extends { id: string; state: string }>(questions: readonly T[], items: readonly Item[]): T[] {
  return questions.filter((one) => one.state === 'open' && !unsent(items, one.id).some((item) => item.state !== 'needs_fix'))
}

/** An officer's list: answered ones are theirs to read, so they come first; then what waits longest. */
export function forOfficer<T extends { state: string; moved_at: string }>(questions: readonly T[]): T[] {
  const place = (one: T) => `${one.state === 'answered' ? 0 : 1}${one.moved_at}`
  return questions.filter((one) => one.state !== 'closed').sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

/** At most `MOST_TEXT` characters, as the platform counts them. */
export function cut(text: string): string {
  return [...text].slice(0, MOST_TEXT).join('')
}
