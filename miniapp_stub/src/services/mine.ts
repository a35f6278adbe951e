/** What of the outbox belongs to whoever is logged in: what another wrote on this phone is theirs, and nothing waits for it. */
import type { Item } from '@/outbox/rules'
import { session } from '@/state/session'
import { useStore } from '@/state/store'
import { theOutbox, useOutbox } from './outbox'

/** Newest first, as the outbox lists them. */
export function mine(): Item[] {
  return of(theOutbox().list(), session.get()?.accountId)
}

export function useMine(): Item[] {
  return of(useOutbox(), useStore(session)?.accountId)
}

function of(items: readonly Item[], account: string | undefined): Item[] {
  return items.filter((item) => item.owner === account)
}
