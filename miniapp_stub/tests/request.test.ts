/** Tokens are renewed for whoever asked, and for nobody who came in the meantime. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { call } from '../src/api/request'
import { learn, leave } from '../src/services/login'
import { add, flush, openOutbox, theOutbox } from '../src/services/outbox'
import { session, type Session } from '../src/state/session'

const net = vi.hoisted(() => ({ full: false, writing: undefined as (() => Promise<void>) | undefined, answers: [] as (() => Promise<object>)[], asked: [] as { url: string; header: Record<string, string> }[] }))
vi.mock('@tarojs/taro', () => ({ default: { request: (asked: (typeof net.asked)[number]) => { net.asked.push(asked); return net.answers.shift()?.() } } }))
vi.mock('@/storage/port', () => ({ read: async () => undefined, write: async () => { const act = net.writing; net.writing = undefined; await act?.(); if (net.full) throw new Error('full') }, erase: async () => undefined, eraseFile: async () => undefined, keys: async () => [], readAll: async () => [] }))
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

  it('is not replaced by the login of who came while the answer was on its way', async () => {
    net.answers = [later(401, {}), async () => ({ statusCode: 200, data: fresh }), async () => ({ statusCode: 200, data: { mine: true } })]
    await expect(call('POST', '/x', { body: {} })).rejects.toMatchObject({ status: 401 })
    expect(net.answers).toHaveLength(2)
    expect(session.get()).toEqual(person('b'))
  })

  it('is not replaced by the login of who came while its new tokens were being kept', async () => {
    net.answers.push(async () => { net.writing = () => session.set(person('b')); return { statusCode: 200, data: fresh } }, async () => ({ statusCode: 200, data: { mine: true } }))
    await expect(call('POST', '/x', { body: {} })).rejects.toMatchObject({ status: 401 })
    expect(net.answers).toHaveLength(1)
    expect(session.get()).toEqual(person('b'))
  })

  it('is renewed on a full phone, for as long as the app is open', async () => {
    net.answers.push(async () => { net.full = true; return { statusCode: 200, data: fresh } }, async () => ({ statusCode: 200, data: { mine: true } }))
    expect(await call('GET', '/x').finally(() => { net.full = false })).toEqual({ mine: true })
    expect(session.get()).toMatchObject({ accountId: 'a', accessToken: 'new' })
  })

  it('logs nobody else out', async () => {
    net.answers.push(later(401, {}))
    await expect(call('GET', '/x')).rejects.toMatchObject({ status: 401 })
    expect(session.get()).toEqual(person('b'))
  })
})

describe('logging out', () => {
  const asked = () => net.asked.map(({ url, header }) => `${url} ${header.Authorization ?? ''}`.trim())
  beforeEach(async () => {
    net.asked = []
    await session.set(person('a'))
  })

  it('is over on the phone before the server has heard of it', async () => {
    let left: Session | null | undefined
    net.answers = [async () => { left = session.get(); return { statusCode: 204, data: {} } }]
    await leave()
    expect(left).toBeNull()
    expect(asked()).toEqual(['/api/v1/auth/logout Bearer access-a'])
  })

  it('needs no space on the phone', async () => {
    net.answers = [async () => ({ statusCode: 204, data: {} })]
    net.full = true
    await leave().finally(() => { net.full = false })
    expect(session.get()).toBeNull()
    expect(asked()).toEqual(['/api/v1/auth/logout Bearer access-a'])
  })

  it('needs no signal', async () => {
    net.answers = [() => Promise.reject(new Error('offline'))]
    await leave()
    expect(session.get()).toBeNull()
  })

  it('ends a login that ran out as well', async () => {
    net.answers = [async () => ({ statusCode: 401, data: {} }), async () => ({ statusCode: 200, data: fresh }), async () => ({ statusCode: 204, data: {} })]
    await leave()
    expect(asked()).toEqual(['/api/v1/auth/logout Bearer access-a', '/api/v1/auth/refresh', '/api/v1/auth/logout Bearer new'])
    expect(session.get()).toBeNull()
  })
})

describe('who one is', () => {
  it('is not told to who came while it was asked', async () => {
    await session.set(person('a'))
    net.answers = [later(200, { kind: 'person', name: '甲', grants: [] })]
    await learn()
    expect(session.get()).toEqual(person('b'))
  })

  it('comes with new tokens only to the login that asked for them, not to a later one of the same person', async () => {
    await session.set(person('a'))
    const again = { ...person('a'), accessToken: 'later', refreshToken: 'later' }
    net.answers = [async () => ({ statusCode: 401, data: {} }), async () => { await session.set(again); return { statusCode: 200, data: fresh } }]
    await expect(call('GET', '/x')).rejects.toMatchObject({ status: 401 })
    expect(session.get()).toEqual(again)
  })
})

describe('a fault of the server', () => {
  it('is nobody’s: what met it goes again, and what is behind it at once', async () => {
    await session.set(person('a'))
    await openOutbox()
    await theOutbox().forgetAll(() => true)
    const one = (id: string, kind: 'record' | 'product') => ({ id, kind, producer: 'p', needs: [], body: {}, path: '/x', title: id })
    await add([one('1', 'product'), one('2', 'record'), one('3', 'product')])
    net.answers = [async () => ({ statusCode: 500, data: {} }), async () => ({ statusCode: 500, data: {} }), async () => ({ statusCode: 201, data: {} })]
    await flush()
    expect(theOutbox().list().map(({ id, state }) => `${id} ${state}`).sort()).toEqual(['1 waiting', '2 waiting', '3 delivered'])
    await theOutbox().forgetAll(() => true)
  })

  it('that was taken for a refusal once is sent again as it is', async () => {
    await session.set(person('a'))
    await openOutbox()
    await add([{ id: '1', kind: 'product', producer: 'p', needs: [], body: { name: 'x' }, path: '/x', title: '1' }])
    net.answers = [async () => ({ statusCode: 422, data: { reason: 'odd' } })]
    await flush()
    const [refused] = theOutbox().list()
    expect(refused?.state).toBe('needs_fix')
    await theOutbox().correct('1', refused!.body, refused!.title)
    net.answers = [async () => ({ statusCode: 201, data: {} })]
    await flush()
    expect(theOutbox().list()).toMatchObject([{ id: '1', state: 'delivered', body: { name: 'x' } }])
    await theOutbox().forgetAll(() => true)
  })
})

describe('what waits to be sent', () => {
  it('is sent by its writer alone: not by who logs in while it is on its way', async () => {
    await session.set(person('a'))
    await openOutbox()
    const record = (id: string) => ({ id, kind: 'site' as const, producer: 'p', needs: [], body: {}, path: '/x', title: id })
    await add([record('1'), record('2')])
    net.asked = []
    net.answers = [later(201, {}), async () => ({ statusCode: 201, data: {} })]
    await flush()
    expect(net.asked).toHaveLength(1)
    expect(theOutbox().list().map(({ id, state }) => `${id} ${state}`).sort()).toEqual(['1 delivered', '2 waiting'])
  })
})
