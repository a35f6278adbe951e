/** Logging in and out: by WeChat, by invitation, as staff. What was written stays on the phone whoever comes and goes. */
import { call, end } from '@/api/request'
import type { components } from '@/api/schema'
import { forgetOffice } from '@/state/own'
import { forget } from '@/state/store'
import { heard, revise, session, type Grant, type Session } from '@/state/session'

type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>
type Tokens = Out<'TokensOut'>

/** In a browser: the code makes a new person and binds them. Raises ApiError. */
export async function enter(code: string, name: string): Promise<void> {
  await begin(await call<Tokens>('POST', '/api/v1/auth/invitation', { body: { code, name, device_name: '' }, open: true }), name)
}

/** With what wx.login gave. True when this person belongs to a producer or an office already. Raises ApiError. */
export async function enterWeChat(code: string): Promise<boolean> {
  await begin(await call<Tokens>('POST', '/api/v1/auth/wechat', { body: { code, device_name: '' }, open: true }), '')
  return (session.get()?.grants ?? []).length > 0
}

/** Whoever is logged in joins a producer with a code. Raises ApiError. */
export async function bind(code: string): Promise<void> {
  await call('POST', '/api/v1/invitations/acceptance', { body: { code } })
  await learn()
}

/** Officers and other staff; `totp` where an authenticator is on. Raises ApiError. */
export async function enterStaff(login: string, password: string, totp: string): Promise<void> {
  const body = { login, password, totp: totp || null, device_name: '' }
  await begin(await call<Tokens>('POST', '/api/v1/auth/staff', { body, open: true }), login)
}

async function begin(tokens: Tokens, name: string): Promise<void> {
  heard(tokens.server_time)
  const known: Session = { accountId: tokens.account_id, name, accessToken: tokens.access_token, refreshToken: tokens.refresh_token, producers: [] }
  await session.set(known)
  await learn()
}

/** Who this is and what they may do, asked anew. Raises ApiError; what was known stays. */
export async function learn(): Promise<void> {
  const who = session.get()?.accountId
  const { kind, name, grants } = await call<Out<'MeOut'>>('GET', '/api/v1/me')
  const roles = grants as Grant[]
  const farms = roles.some((grant) => grant.producer_id)
  const found = farms ? await call<{ items: Out<'ProducerOut'>[] }>('GET', '/api/v1/producers') : { items: [] }
  const producers = found.items.map(({ id, name: called }) => ({ id, name: called }))
  const now = session.get()
  if (now && now.accountId === who) await revise({ kind, grants: roles, producers, name: name || now.name || (producers[0]?.name ?? '') })
}

/** At once, with signal or without, and on a full phone; the server is told once. What an officer read of other people does not
 * stay behind; what was written does. */
export async function leave(): Promise<void> {
  const known = session.get()
  await session.set(null).catch(() => forget((name) => name === 'session'))
  await forgetOffice().finally(() => (known ? end(known) : undefined))
}
