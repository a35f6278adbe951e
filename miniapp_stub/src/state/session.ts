/** Who is logged in on this phone, what they may do, and how far the phone's clock is off. */
import { day } from '@/rules/china'
import { store } from './store'

/** A role in a region (digits that all places inside share: 6206, 620602100) or at one producer. */
export interface Grant { role: string; role_zh: string; region: string | null; producer_id: string | null; permissions: string[] }

export interface Session {
  accountId: string
  name: string
  accessToken: string
  refreshToken: string
  /** `kind` is a code of producer_kinds: unknown until the producers were read. */
  producers: { id: string; name: string; kind?: string }[]
  /** `person` or `staff`, and the roles: unknown on a phone that logged in before they were kept, until it learns them. */
  kind?: string
  grants?: Grant[]
  /** Of several producers, the one whose pages are shown. */
  chosen?: string
}

export const session = store<Session | null>('session', null)

/** Refresh tokens that were exchanged here: what is kept under one of them is older than what is known. */
const exchanged = new Set<string>()

/** New tokens for those of `known`, unless they left or logged in anew meanwhile. On a full phone they hold until the app is closed;
 * then the login is over, and what was written stays. */
export async function exchange(known: Session, accessToken: string, refreshToken: string): Promise<boolean> {
  exchanged.add(known.refreshToken)
  const now = session.get()
  if (now?.refreshToken !== known.refreshToken) return false
  await session.set({ ...now, accessToken, refreshToken }).catch(() => undefined)
  return true
}

/** Takes over the tokens that another tab of this browser has for the same login; what else this tab knows stays. */
export async function catchUp(): Promise<void> {
  await session.load(renewed)
}

/** The tokens that are known were refused: those of another tab are taken, and where it is somebody else's by now nobody is logged in
 * here; what that tab kept stays. */
export async function refuse(known: Session): Promise<void> {
  await session.load((kept) => (kept && kept.accountId !== known.accountId ? null : renewed(kept)))
  if (session.get()?.refreshToken === known.refreshToken) await session.set(null)
}

function renewed(kept: Session | null): Session | null {
  const now = session.get()
  const newer = now && kept?.accountId === now.accountId && kept.refreshToken !== now.refreshToken && !exchanged.has(kept.refreshToken)
  return newer ? { ...now, accessToken: kept.accessToken, refreshToken: kept.refreshToken } : now
}

/** Something else about whoever is logged in; never with tokens that another tab has exchanged. Rejects when the phone is full. */
export async function revise(some: Partial<Pick<Session, 'name' | 'kind' | 'grants' | 'producers' | 'chosen'>>): Promise<void> {
  const who = session.get()?.accountId
  await catchUp()
  const now = session.get()
  if (now && now.accountId === who) await session.set({ ...now, ...some })
}

/** The regions in which this person holds a permission; none when nobody is logged in. */
export function regionsOf(known: Session | null, permission: string): string[] {
  const held = (known?.grants ?? []).filter((grant) => grant.region !== null && grant.permissions.includes(permission))
  return [...new Set(held.map((grant) => grant.region ?? ''))]
}

/** Whether this person answers for a place rather than for a farm. */
export function isOfficer(known: Session | null): boolean {
  return regionsOf(known, 'producer:read').length > 0
}

/** The producer whose pages are shown; empty when there is none. */
export function here(): string {
  const known = session.get()
  const own = known?.producers ?? []
  return own.find((one) => one.id === known?.chosen)?.id ?? own[0]?.id ?? ''
}

/** Whether the producer whose pages are shown sells what others grew. */
export function isBuyer(known: Session | null): boolean {
  return known?.producers.find((one) => one.id === here())?.kind === 'buyer'
}

/** Server time minus phone time at the last contact, milliseconds. */
export const clockOffset = store<number>('clock_offset', 0)

const NOTICED = 10 * 60_000

export function now(): number {
  return Date.now() + clockOffset.get()
}

/** A civil day in China, which is where the log is kept, whatever zone the phone is set to: `2026-11-23`. */
export function today(): string {
  return day(now())
}

/** Called on every answer that tells the server's time. */
export function heard(serverTime: string): void {
  const offset = Date.parse(serverTime) - Date.now()
  if (Number.isNaN(offset)) return
  const noticed = Math.abs(offset) < NOTICED ? 0 : offset
  if (Math.abs(noticed - clockOffset.get()) > 60_000) void clockOffset.set(noticed)
}
