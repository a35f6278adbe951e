/** An officer's day: what is urgent, and what a step asks for. Pure. */
import { complaintSteps } from '@/vocab'
import type { Item } from '@/outbox/rules'

export type Urgency = 'overdue' | 'nearly' | 'calm' | 'stopped'

/** Read again without signal the next day it is still right: the due day decides, not the days left when it was read. */
export function urgency(one: { due_on: string | null; nearly: boolean }, today: string): Urgency {
  if (!one.due_on) return 'stopped'
  if (one.due_on < today) return 'overdue'
  return one.nearly || one.due_on === today ? 'nearly' : 'calm'
}

const ORDER: readonly Urgency[] = ['overdue', 'nearly', 'calm', 'stopped']

/** The most urgent first, and of those the one that is due first. */
export function byUrgency<T extends { due_on: string | null; nearly: boolean }>(cases: readonly T[], today: string): T[] {
  const place = (one: T) => `${ORDER.indexOf(urgency(one, today))}${one.due_on ?? ''}`
  return [...cases].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))
}

/** Who is not admitted yet comes first: somebody has to go there. */
export function toVisit<T extends { status: string }>(producers: readonly T[]): T[] {
  const first = (one: T) => (one.status === 'registered' ? 0 : 1)
  return [...producers].sort((a, b) => first(a) - first(b))
}

export interface StepDraft { action: string; text: string; internal: boolean; outcome?: string; body?: string; region?: string }
export type Asked = 'text' | 'outcome' | 'body' | 'region'

/** What a step cannot be taken without. */
export function asks(action: string): readonly Asked[] {
  return (complaintSteps.find((step) => step.code === action)?.asks ?? []) as Asked[]
}

/** The first thing that is not there; undefined when all is. */
export function lacking(draft: StepDraft): Asked | undefined {
  return asks(draft.action).find((name) => !draft[name]?.trim())
}

/** Steps of this case that wait on the phone, oldest first. */
export function waitingSteps(items: readonly Item[], caseId: string): Item[] {
  return items.filter((item) => item.kind === 'complaint_step' && item.state !== 'delivered' && item.path?.includes(`/${caseId}/`)).reverse()
}

/** The name of the smallest known place around a code; the code itself when nobody has told its name. */
export function placeName(code: string, places: readonly { code: string; name: string }[]): string {
  const around = places.filter((place) => code.startsWith(place.code.replace(/^(\d{2}|\d{4})0+$/, '$1'))).sort((a, b) => b.code.length - a.code.length)
  return around[0]?.name ?? code
}
