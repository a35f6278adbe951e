/** One's own data: a copy, its end on the platform, its end on this phone. */
import { call } from '@/api/request'
import type { components } from '@/api/schema'
import type { Item } from '@/outbox/rules'
import { session } from '@/state/session'
import { clearings, forget } from '@/state/store'
import { eraseGiven } from '@/storage/given'
import { eraseFiles } from '@/storage/port'
import { leave } from './login'
import { theOutbox } from './outbox'

export type Kept = Required<components['schemas']['KeptOut']>
const STAYS = ['settings', 'clock_offset']

/** What was written under this account, or by anybody, and has not arrived. */
export function unsent(items: readonly Item[], account?: string): Item[] {
  return items.filter((item) => item.state !== 'delivered' && (account === undefined || item.owner === account))
}

/** Everything the platform keeps under this account, as text for a file. Raises ApiError. */
export async function copyOfMine(): Promise<string> {
  return JSON.stringify(await call<object>('GET', '/api/v1/me/export'), null, 1)
}

/**
 * Ends the account, then forgets it here, unsent work too. Returns what stays on the platform and why. Raises ApiError, and
 * then nothing was forgotten: a 401 means a login that ran out, or an earlier try whose answer was lost.
 */
export async function endAccount(): Promise<Kept[]> {
  const account = session.get()?.accountId
  const { kept } = await call<{ kept: Kept[] }>('POST', '/api/v1/me/deletion', { body: { confirm: true } })
  await theOutbox().forgetAll((item) => item.owner === account)
  await session.set(null)
  await forget((name) => account !== undefined && name.endsWith(`:${account}`))
  return kept
}

/** Everything on this phone but the text size and the language, with the files that lie there; who is logged in is logged out. */
export async function clearPhone(): Promise<void> {
  clearings.count++
  const left = leave()
  await theOutbox().forgetAll(() => true)
  await forget((name) => !STAYS.includes(name))
  await Promise.all([eraseFiles(), eraseGiven()])
  await left
}
