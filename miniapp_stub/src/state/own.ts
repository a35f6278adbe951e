/** Values of whoever is logged in: another account on this phone has its own, and forgetting one leaves the others. */
import { eraseGiven } from '@/storage/given'
import { session } from './session'
import { forget, store, type Store } from './store'

const stores = new Map<string, Store<unknown>>()

/** The value of that name for whoever is logged in now; kept under `name:account`. Take it before asking the server: an
 * answer that arrives after its account has left, or another has come, is not kept. */
export function own<T>(name: string, first: T): Store<T> {
  const account = session.get()?.accountId
  const key = `${name}:${account ?? 'nobody'}`
  const found = (stores.get(key) ?? guarded(store<T>(key, first), account)) as Store<T>
  stores.set(key, found as Store<unknown>)
  return found
}

function guarded<T>(kept: Store<T>, account: string | undefined): Store<T> {
  return { ...kept, set: async (value) => { if (account && session.get()?.accountId === account) await kept.set(value) } }
}

// A login that runs out, or is ended on another phone, leaves no more behind than one that is ended here.
session.subscribe(() => { if (!session.get()) void forgetOffice().catch(() => undefined) })

/** Nobody is logged in: what officers read is erased, and the files that were handed out. Also done at each start, for a phone that was closed in the middle. */
export async function forgetOffice(): Promise<void> {
  await Promise.all([forget((name) => name.startsWith('officer')), eraseGiven()])
}
