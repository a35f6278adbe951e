/** Tokens are renewed for whoever asked, and for nobody who came in the meantime. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { call } from '../src/api/request'
import { session, type Session } from '../src/state/session'

const net = vi.hoisted(() => ({ answers: [] as (() => Promise<object>)[] }))
vi.mock('@tarojs/taro', () => ({ default: { request: () => net.answers.shift()?.() } }))
vi.mock('@/storage/port', () => ({ read: async () => undefined, write: async () => undefined, erase: async () => undefined, keys: async () => [] }))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

const person = (accountId: string): Session => ({ accountId, name: '', accessToken: `access-${accountId}`, refreshToken: `refresh-${accountId}`, producers: [] })
const fresh = { access_token: 'new', refresh_token: 'newer', server_time: '2026-10-01T00:00:00Z' }
const later = (statusCode: number, data: object) => async () => {
  await session.set(person('b'))
  return { statusCode, data }
}

describe('a login that runs out', () => {
  beforeEach(async () => {
    net.answers = [async () => ({ statusCode: 401, data: {} })]
    await session.set(person('a'))
  })

  it('is renewed', async () => {
    net.answers.push(async () => ({ statusCode: 200, data: fresh }), async () => ({ statusCode: 200, data: { mine: true } }))
    expect(await call('GET', '/x')).toEqual({ mine: true })
    expect(session.get()).toMatchObject({ accountId: 'a', accessToken: 'new' })
  })

  it('gives its tokens to nobody who logged in while the signal was gone', async () => {
    net.answers.push(later(200, fresh))
    await expect(call('GET', '/x')).rejects.toMatchObject({ status: 401 })
    expect(session.get()).toEqual(person('b'))
  })

  it('logs nobody else out', async () => {
    net.answers.push(later(401, {}))
    await expect(call('GET', '/x')).rejects.toMatchObject({ status: 401 })
    expect(session.get()).toEqual(person('b'))
  })
})
