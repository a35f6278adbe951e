/** Logging in and out. What was written stays on the phone whoever comes and goes. */
import { call } from '@/api/request'
import type { components } from '@/api/schema'
import { heard, session, type Session } from '@/state/session'

type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>

export async function enter(code: string, name: string): Promise<void> {
  const tokens = await call<Out<'TokensOut'>>('POST', '/api/v1/auth/invitation', { body: { code, name, device_name: '' }, open: true })
  heard(tokens.server_time)
  const known: Session = { accountId: tokens.account_id, name, accessToken: tokens.access_token, refreshToken: tokens.refresh_token, producers: [] }
  await session.set(known)
  const found = await call<{ items: Out<'ProducerOut'>[] }>('GET', '/api/v1/producers')
  const now = session.get() ?? known
  await session.set({ ...now, producers: found.items.map(({ id, name: called }) => ({ id, name: called })) })
}

export async function leave(): Promise<void> {
  await call('POST', '/api/v1/auth/logout').catch(() => undefined)
  await session.set(null)
}
