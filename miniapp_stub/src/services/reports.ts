/** Reports of the public: sent without a login when anonymous, and nothing about them is kept here unless the person wishes. */
import { ApiError, call, submit } from '@/api/request'
import type { components } from '@/api/schema'
import { solved } from '@/rules/hashing'
import { session } from '@/state/session'
import { store } from '@/state/store'
import * as port from '@/storage/port'
import { loginCode } from '@/ui/platform'

type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>
export type Case = Omit<Out<'OwnCaseOut'>, 'entries'> & { entries: Out<'EntryOut'>[] }
export type Filed = Out<'FiledOut'>
export interface Draft { kind: string; category: string; identity: string; text: string; region: string; place: string; trace_code: string; contact: string }
export interface KeptReceipt { receipt: string; on: string }

export const MOST_PHOTOS = 9
export const MOST_TEXT = 2000
export const receipts = store<KeptReceipt[]>('receipts', [])
/** A receipt that nobody has said to have noted yet; in memory only, gone with the app. */
export const unnoted: { filed?: Filed } = {}

const STEP = 1500
const GIVE_UP = 2_000_000

/** One report's own puzzle: asked for and solved while the form is filled in, and the same for every try, so that a report sent again is one. */
export class Filing {
  private puzzle: Promise<{ puzzle: string; answer: string }> | undefined

  begin(): void {
    this.puzzle ??= call<Out<'PuzzleOut'>>('GET', '/api/v1/complaints/puzzle', { open: true })
      .then(async ({ puzzle, bits }) => ({ puzzle, answer: await solve(puzzle, bits) }))
    this.puzzle.catch(() => { this.puzzle = undefined })
  }

  /** Raises ApiError; a puzzle that ran out is asked for anew, once. */
  async send(draft: Draft, photos: readonly string[], again = true): Promise<Filed> {
    this.begin()
    const puzzle = await this.puzzle
    const anonymous = draft.identity === 'anonymous'
    const code = await loginCode()
    const form = { ...draft, ...puzzle, contact: anonymous ? '' : draft.contact, ...(code ? { wechat_code: code } : {}) }
    try {
      return await submit<Filed>('/api/v1/complaints', form, photos, anonymous || !session.get())
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'challenge_invalid' || !again) throw error
      this.puzzle = undefined
      return this.send(draft, photos, false)
    }
  }
}

/** A little at a time, so that the page stays alive on a slow phone. Without an answer the report goes by the slower lane. */
async function solve(puzzle: string, bits: number): Promise<string> {
  for (let from = 0; from < GIVE_UP; from += STEP) {
    const answer = solved(puzzle, bits, from, STEP)
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return ''
}

const DRAFT = 'report_draft'

/** What was not finished, without its photos; only for who ticked it. */
export async function keptDraft(): Promise<Draft | undefined> {
  return (await port.read(DRAFT)) as Draft | undefined
}

export async function keepDraft(draft: Draft): Promise<void> {
  await port.write([[DRAFT, draft]])
}

export async function forgetDraft(): Promise<void> {
  await port.erase([DRAFT])
}

export function follow(receipt: string): Promise<Case> {
  return call('POST', '/api/v1/complaints/follow', { body: { receipt }, open: true })
}

/** A message; when its answer was lost the case is asked whether it arrived (it had `lines` lines before), so that it is not said twice. */
export async function say(receipt: string, text: string, photos: readonly string[], lines: number): Promise<Case> {
  try {
    return await submit<Case>('/api/v1/complaints/follow/messages', { receipt, text }, photos, true)
  } catch (error) {
    if (!(error instanceof ApiError) || !error.lost) throw error
    const now = await follow(receipt)
    if (now.entries.slice(lines).some((entry) => entry.step === 'message' && entry.text === text)) return now
    throw error
  }
}

export function rate(receipt: string, stars: number, text: string): Promise<Case> {
  return call('POST', '/api/v1/complaints/follow/rating', { body: { receipt, stars, text }, open: true })
}

export function reopen(receipt: string, text: string): Promise<Case> {
  return call('POST', '/api/v1/complaints/follow/reopening', { body: { receipt, text }, open: true })
}

/** Rejects when the phone is full, and then nothing shows it as kept. */
export async function keepReceipt(receipt: string, on: string): Promise<void> {
  await receipts.load()
  const before = receipts.get()
  try {
    await receipts.set([{ receipt, on }, ...before.filter((one) => one.receipt !== receipt)])
  } catch (error) {
    await receipts.set(before).catch(() => undefined) // the same as is kept: it is the page that must not tell otherwise
    throw error
  }
}

export async function dropReceipt(receipt: string): Promise<void> {
  await receipts.set(receipts.get().filter((one) => one.receipt !== receipt))
}
