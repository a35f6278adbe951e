/** The only place that calls the network: tokens and their renewal, time-outs, one kind of error. */
import Taro from '@tarojs/taro'
import { catchUp, exchange, heard, refuse, session, type Session } from '@/state/session'
import { settings } from '@/state/settings'
import { download as fetched } from './download'
import { early } from './early'
import { submit as post, upload as send } from './upload'

const PATIENCE = 20_000
const REFRESH = '/api/v1/auth/refresh'
export const BASE = process.env.TARO_ENV === 'h5' ? '' : process.env.TARO_APP_API ?? ''

/** What went wrong, in the reader's language, with the server's stable `reason`; `offline` when no answer came. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly reason: string, message: string, readonly hint = '', readonly field = '', readonly details?: unknown) {
    super(message)
  }
  get offline(): boolean { return this.status === 0 || this.status >= 502 || this.status === 429 }
  /** No answer, or a fault of the server: it says nothing of what was asked. */
  get lost(): boolean { return this.offline || this.status >= 500 }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Query = Record<string, string | number | undefined>
interface Asked { body?: object; query?: Query; open?: boolean; token?: string }
interface Fresh { access_token: string; refresh_token: string; server_time: string }

/** One call. `open` calls carry no login. Raises ApiError. */
export async function call<T>(method: Method, path: string, asked: Asked = {}): Promise<T> {
  return checked<T>(await twice(() => ask(method, path, asked), asked.open))
}

/** One file with its form, under the same rules. */
export async function upload<T>(path: string, name: string, file: string, form: Record<string, string>): Promise<T> {
  return checked<T>(await twice(() => send(`${BASE}${path}`, name, file, form, headers())))
}

/** A form with photos that are not kept on the phone; `open` as for calls. */
export async function submit<T>(path: string, form: Record<string, string>, photos: readonly string[], open = false): Promise<T> {
  return checked<T>(await twice(() => post(`${BASE}${path}`, form, 'photos', photos, headers(open)), open))
}

/** Ends a login at the server that the phone has forgotten already. One that ran out is renewed first, to be ended. Without signal it
 * ends there when its time is over: nobody has its tokens any more. */
export async function end(known: Session): Promise<void> {
  const out = (token: string) => ask('POST', '/api/v1/auth/logout', { token })
  if ((await out(known.accessToken)).statusCode !== 401) return
  const { statusCode, data } = await ask('POST', REFRESH, { body: { refresh_token: known.refreshToken }, open: true })
  if (statusCode === 200) await out((data as Fresh).access_token)
}

/** A file that was asked for: where it lies on the phone, and its bytes. */
export interface Fetched { path: string; bytes(): Promise<Uint8Array> }

/** A file, with the login. Raises ApiError. */
export async function download(path: string, query?: Query): Promise<Fetched> {
  const url = `${BASE}${path}${tail(query)}`
  const name = path.slice(path.lastIndexOf('/') + 1)
  return checked<Fetched>(await twice(() => fetched(url, name, headers())))
}

/** Asked again with a renewed login when it ran out; never with the login of somebody who came in the meantime. */
async function twice(asked: () => Promise<Raw>, open = false): Promise<Raw> {
  const who = session.get()?.accountId
  const there = () => session.get()?.accountId === who
  const first = await asked()
  const again = first.statusCode === 401 && !open && there() && await renew() && there() // somebody may come while it is renewed, too
  return again ? asked() : first
}

function tail(query: Query = {}): string {
  const words = Object.entries(query).filter(([, value]) => value !== undefined)
  return words.length ? `?${words.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}` : ''
}

export interface Raw { statusCode: number; data: unknown }

async function ask(method: Method, path: string, { body, query, open, token }: Asked): Promise<Raw> {
  const asking = tail(query)
  try {
    const asked = method === 'GET' && open && !asking ? early(path) : undefined
    if (asked) return await asked
    return await Taro.request({
      url: `${BASE}${path}${asking}`,
      method,
      data: body && JSON.stringify(body),
      header: { ...headers(open, token), ...(body ? { 'Content-Type': 'application/json' } : {}) },
      timeout: PATIENCE,
    })
  } catch {
    return { statusCode: 0, data: undefined }
  }
}

function headers(open = false, token = open ? undefined : session.get()?.accessToken): Record<string, string> {
  const language = settings.get().lang === 'en' ? 'en' : 'zh-CN'
  return { 'Accept': 'application/json', 'Accept-Language': language, ...(token ? { Authorization: `Bearer ${token}` } : {}) }
}

function checked<T>({ statusCode, data }: Raw): T {
  const said = (data ?? {}) as Record<string, unknown>
  if (typeof said.server_time === 'string') heard(said.server_time)
  if (statusCode >= 200 && statusCode < 300) return data as T
  const text = (name: string) => (typeof said[name] === 'string' ? said[name] : '')
  throw new ApiError(statusCode, statusCode ? text('reason') || 'unavailable' : 'offline', text('message'), text('hint'), text('field'), said.details)
}

let renewing: Promise<boolean> | undefined

/** New tokens for old, once for all callers that wait. False: the login is over; what was written stays on the phone. */
function renew(): Promise<boolean> {
  renewing ??= alone(renewed).finally(() => { renewing = undefined })
  return renewing
}

/** The tabs of a browser renew one after another: a refresh token that comes twice ends the login at the server. */
async function alone(act: () => Promise<boolean>): Promise<boolean> {
  const { locks } = (typeof navigator === 'undefined' ? {} : navigator) as Partial<Navigator>
  if (!locks) return act()
  return locks.request('longtrace-login', { signal: AbortSignal.timeout?.(PATIENCE) }, act).catch((error: Error) => {
    if (error.name === 'TimeoutError') return false // another tab is at it and gets no answer
    throw error
  })
}

async function renewed(): Promise<boolean> {
  const known = session.get()
  if (!known) return false
  await catchUp()
  const there = session.get()
  if (there?.refreshToken !== known.refreshToken) return there?.accountId === known.accountId
  const answer = await ask('POST', REFRESH, { body: { refresh_token: known.refreshToken }, open: true })
  if (answer.statusCode === 200) {
    const fresh = answer.data as Fresh
    heard(fresh.server_time)
    return exchange(known, fresh.access_token, fresh.refresh_token)
  }
  if (answer.statusCode !== 401 && answer.statusCode !== 422) return false
  await refuse(known)
  return session.get()?.accountId === known.accountId && session.get()?.refreshToken !== known.refreshToken
}
