/** Reads what is kept on the phone before any page looks at it; once, unless it could not be read. */
import { useEffect, useSyncExternalStore } from 'react'
import { forgetOffice } from '@/state/own'
import { clockOffset, session } from '@/state/session'
import { settings } from '@/state/settings'
import { openOutbox } from './outbox'

/** `unread`: nobody knows yet; `failing`: it could not be read the last time it was tried. */
export type Memory = 'unread' | 'read' | 'failing'

let starting: Promise<void> | undefined
let memory: Memory = 'unread'
const listeners = new Set<() => void>()

/** Rejects when what is kept cannot be read; asked again it is tried again. */
export function start(): Promise<void> {
  starting ??= Promise.all([settings.load(), session.load(), clockOffset.load()]).then(openOutbox).then(() => became('read'), (error: unknown) => {
    starting = undefined
    became('failing')
    throw error
  })
  void starting.then(() => (session.get() ? undefined : forgetOffice()), () => undefined) // who asked is told
  return starting
}

function became(now: Memory): void {
  memory = now
  listeners.forEach((listener) => listener())
}

const watch = (listener: () => void) => {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

export function useMemory(): Memory {
  const now = useSyncExternalStore(watch, () => memory)
  useEffect(() => { if (now === 'unread') void start().catch(() => undefined) }, []) // the page says so
  return now
}
