/** Reads what is kept on the phone, once, before any page looks at it. */
import { useEffect, useState } from 'react'
import { forgetOffice } from '@/state/own'
import { clockOffset, session } from '@/state/session'
import { settings } from '@/state/settings'
import { openOutbox } from './outbox'

let starting: Promise<void> | undefined
let done = false

export function start(): Promise<void> {
  starting ??= Promise.all([settings.load(), session.load(), clockOffset.load()]).then(openOutbox).then(() => { done = true })
  void starting.then(() => (session.get() ? undefined : forgetOffice()))
  return starting
}

export function useStarted(): boolean {
  const [started, setStarted] = useState(done)
  useEffect(() => { void start().then(() => setStarted(true)) }, [])
  return started
}
