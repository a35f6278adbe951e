/** Who is logged in on this phone, and how far its clock is off. */
import { store } from './store'

export interface Session {
  accountId: string
  name: string
  accessToken: string
  refreshToken: string
  producers: { id: string; name: string }[]
}

export const session = store<Session | null>('session', null)

/** Server time minus phone time at the last contact, milliseconds. */
export const clockOffset = store<number>('clock_offset', 0)

const NOTICED = 10 * 60_000

export function now(): number {
  return Date.now() + clockOffset.get()
}

/** A civil day in China, which is where the log is kept, whatever zone the phone is set to: `2026-11-23`. */
export function today(): string {
  return new Date(now() + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** Called on every answer that tells the server's time. */
export function heard(serverTime: string): void {
  const offset = Date.parse(serverTime) - Date.now()
  if (Number.isNaN(offset)) return
  const noticed = Math.abs(offset) < NOTICED ? 0 : offset
  if (Math.abs(noticed - clockOffset.get()) > 60_000) void clockOffset.set(noticed)
}
