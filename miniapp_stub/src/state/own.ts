/** Values of whoever is logged in: another account on this phone has its own, and forgetting one leaves the others. */
import { session } from './session'
import { store, type Store } from './store'

const stores = new Map<string, Store<unknown>>()

/** The value of that name for this account; kept under `name:account`. */
export function own<T>(name: string, first: T): Store<T> {
  const key = `${name}:${session.get()?.accountId ?? 'nobody'}`
  const found = (stores.get(key) ?? store<T>(key, first)) as Store<T>
  stores.set(key, found as Store<unknown>)
  return found
}
