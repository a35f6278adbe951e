/** What the law asks of a record, checked on the phone first. Pure. */
import type { Key } from '@/words/dictionary'
import type { RecordKind } from '@/vocab'
import type { KnownInput } from './inputs'

export interface DraftInput extends KnownInput { manufacturer?: string; source?: string; method?: string; amount?: string; unit?: string; /** Nobody knows it, and its farmer said twice that it was used. */ sure?: boolean }
export interface Draft { kind: string; happened_on: string; ended_on?: string; site_ids: string[]; target?: string; note?: string; amount?: string; unit?: string; inputs: DraftInput[]; photos: string[] }

const WORDS: Record<string, Key> = { site_ids: 'where', target: 'target', inputs: 'which_input', amount: 'yield', unit: 'unit', note: 'note' }
const INPUT_WORDS: Record<string, Key> = { name: 'which_input', manufacturer: 'maker', source: 'dealer', method: 'method', amount: 'amount', unit: 'unit' }

/** The first mandatory field left empty, as a word of the dictionary; undefined when all are there. */
export function missing(draft: Draft, kind: RecordKind | undefined): Key | undefined {
  if (!kind) return 'what'
  if (!draft.happened_on) return 'when'
  const own = kind.mandatory.find((name) => empty((draft as unknown as Record<string, unknown>)[name]))
  if (own) return WORDS[own] ?? 'note'
  for (const input of draft.inputs) {
    const absent = kind.mandatory_inputs?.find((name) => empty((input as unknown as Record<string, unknown>)[name]))
    if (absent) return INPUT_WORDS[absent] ?? 'which_input'
  }
  const amounts = [draft.amount, ...draft.inputs.map((input) => input.amount)].filter((amount) => amount !== undefined && amount !== '')
  return amounts.some((amount) => !/^\d{1,9}(\.\d{1,3})?$/.test(String(amount))) ? (draft.inputs.length ? 'amount' : 'yield') : undefined
}

function empty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

export const LONGEST_NOTE = 500
export const MOST_PHOTOS = 9
export const MOST_INPUTS = 8

/** A remark with sentences behind it that are not in it yet. */
export function remarked(note: string | undefined, sentences: readonly string[]): string | undefined {
  return [note, ...sentences.filter((one) => !note?.includes(one))].filter(Boolean).join(' ') || undefined
}

/** Characters as a person counts them, and as the server does: an emoji is not two. */
export function length(text: string | undefined): number {
  return [...(text ?? '')].length
}
