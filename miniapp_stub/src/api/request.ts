/** The only place that calls the network: tokens and their renewal, time-outs, one kind of error. */
import Taro from '@tarojs/taro'
import { heard, session } from '@/state/session'
import { settings } from '@/state/settings'
import { download as fetched } from './download'
import { early } from './early'
import { submit as post, upload as send } from './upload'

const PATIENCE = 20_000
export const BASE = process.env.TARO_ENV === 'h5' ? '' : process.env.TARO_APP_API ?? ''

/** What went wrong, in the reader's language, with the server's stable `reason`; `offline` when no answer came. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly reason: string, message: string, readonly hint = '', readonly field = '', readonly details?: unknown) {
    super(message)
  }
  get offline(): boolean { return this.status === 0 || this.status >= 502 || this.status === 429 }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Query = Record<string, string | number | undefined>
interface Asked { body?: object; query?: Query; open?: boolean }

/** One call. `open` calls carry no login. Raises ApiError. */
export async function call<T>(method: Method, path: string, asked: Asked = {}): Promise<T> {
  const first = await ask(method, path, asked)
  if (first.statusCode !== 401 || asked.open || !(await renew())) return checked<T>(first)
  return checked<T>(await ask(method, path, asked))
}

/** One file with its form, under the same rules. */
export async function upload<T>(path: string, name: string, file: string, form: Record<string, string>): Promise<T> {
  const first = await send(`${BASE}${path}`, name, file, form, headers(false))
  if (first.statusCode !== 401 || !(await renew())) return checked<T>(first)
  return checked<T>(await send(`${BASE}${path}`, name, file, form, headers(false)))
}

/** A form with photos that are not kept on the phone; `open` as for calls. */
export async function submit<T>(path: string, form: Record<string, string>, photos: readonly string[], open = false): Promise<T> {
  const first = await post(`${BASE}${path}`, form, 'photos', photos, headers(open))
  if (first.statusCode !== 401 || open || !(await renew())) return checked<T>(first)
  return checked<T>(await post(`${BASE}${path}`, form, 'photos', photos, headers(false)))
}

/** A file that was asked for: where it lies on the phone, and its bytes. */
export interface Fetched { path: string; bytes(): Promise<Uint8Array> }

/** A file, with the login. Raises ApiError. */
export async function download(path: string, query?: Query): Promise<Fetched> {
  const url = `${BASE}${path}${tail(query)}`
  const name = path.slice(path.lastIndexOf('/') + 1)
  const first = await fetched(url, name, headers(false))
  if (first.statusCode !== 401 || !(await renew())) return checked<Fetched>(first)
  return checked<Fetched>(await fetched(url, name, headers(false)))
}

function tail(query: Query = {}): string {
  const words = Object.entries(query).filter(([, value]) => value !== undefined)
  return words.length ? `?${words.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}` : ''
}

export interface Raw { statusCode: number; data: unknown }

async function ask(method: Method, path: string, { body, query, open }: Asked): Promise<Raw> {
  const asking = tail(query)
  try {
    const asked = method === 'GET' && open && !asking ? early(path) : undefined
    if (asked) return await asked
    return await Taro.request({
      url: `${BASE}${path}${asking}`,
      method,
      data: body && JSON.stringify(body),
      header: { ...headers(open), ...(body ? { 'Content-Type': 'application/json' } : {}) },
      timeout: PATIENCE,
    })
  } catch {
    return { statusCode: 0, data: undefined }
  }
}

function headers(open?: boolean): Record<string, string> {
  const token = open ? undefined : session.get()?.accessToken
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
  renewing ??= renewed().finally(() => { renewing = undefined })
  return renewing
}

async function renewed(): Promise<boolean> {
  const known = session.get()
  if (!known) return false
  const answer = await ask('POST', '/api/v1/auth/refresh', { body: { refresh_token: known.refreshToken }, open: true })
  if (answer.statusCode === 200) {
    const fresh = answer.data as { access_token: string; refresh_token: string; server_time: string }
    heard(fresh.server_time)
    const now = session.get()
    if (now?.accountId !== known.accountId) return false // they left meanwhile; whoever came has tokens of their own
    await session.set({ ...now, accessToken: fresh.access_token, refreshToken: fresh.refresh_token })
    return true
  }
  const over = answer.statusCode === 401 || answer.statusCode === 422
  if (over && session.get()?.refreshToken === known.refreshToken) await session.set(null)
  return false
}
