/** A value that pages watch: kept on the phone under its name, read once when the app starts. */
import { useSyncExternalStore } from 'react'
import * as port from '@/storage/port'

export interface Store<T> {
  get(): T
  set(value: T): Promise<void>
  load(): Promise<void>
  subscribe(listener: () => void): () => void
}

export function store<T>(name: string, first: T): Store<T> {
  let value = first
  const listeners = new Set<() => void>()
  const show = (next: T) => {
    value = next
    listeners.forEach((listener) => listener())
  }
  return {
    get: () => value,
    async set(next) {
      show(next)
      await port.write([[name, next]])
    },
    async load() {
      const kept = await port.read(name)
      if (kept !== undefined) show(kept as T)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function useStore<T>(watched: Store<T>): T {
  return useSyncExternalStore(watched.subscribe, watched.get)
}
