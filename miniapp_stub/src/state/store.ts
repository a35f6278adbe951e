/** A value that pages watch: kept on the phone under its name, read once when the app starts. */
import { useSyncExternalStore } from 'react'
import * as port from '@/storage/port'

export interface Store<T> {
  get(): T
  set(value: T): Promise<void>
  /** `taken` says what to show of what is kept. */
  load(taken?: (kept: T) => T): Promise<void>
  subscribe(listener: () => void): () => void
}

const known: { name: string; reset: () => void }[] = []

export function store<T>(name: string, first: T): Store<T> {
  let value = first
  let sets = 0
  let writing = 0
  const listeners = new Set<() => void>()
  const show = (next: T) => {
    value = next
    listeners.forEach((listener) => listener())
  }
  known.push({ name, reset: () => show(first) })
  return {
    get: () => value,
    async set(next) {
      sets++
      writing++
      show(next)
      await port.write([[name, next]]).finally(() => { writing-- })
    },
    async load(taken = (kept) => kept) {
      if (writing) return // what is being kept is newer than what is kept
      const before = sets
      const kept = await port.read(name)
      if (kept !== undefined && sets === before) show(taken(kept as T))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** How often the whole phone was cleared: what was asked for before that is not kept after it. */
export const clearings = { count: 0 }

/** Erases what is kept under these names, on the phone and on the pages that watch it. */
export async function forget(which: (name: string) => boolean): Promise<void> {
  await port.erase((await port.keys()).filter(which))
  known.filter(({ name }) => which(name)).forEach(({ reset }) => reset())
}

export function useStore<T>(watched: Store<T>): T {
  return useSyncExternalStore(watched.subscribe, watched.get)
}
