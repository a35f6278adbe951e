/** Two tabs of one browser, one login: the server drops a device whose refresh token comes twice, so each takes over what the other has. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../src/state/session'

interface Asked { url: string; data?: string; header: Record<string, string> }
const world = vi.hoisted(() => ({ kept: new Map<string, unknown>(), full: false, access: 'access1', refresh: 'refresh1', dropped: false, made: 1, meanwhile: undefined as (() => unknown) | undefined }))

/** As `auth/refresh` does, without its few seconds of grace. */
async function answer({ url, data, header }: Asked): Promise<object> {
  if (!url.endsWith('/refresh')) return { statusCode: !world.dropped && header.Authorization === `Bearer ${world.access}` ? 200 : 401, data: { mine: true } }
  await world.meanwhile?.()
  const { refresh_token } = JSON.parse(data ?? '{}') as { refresh_token: string }
  if (refresh_token !== world.refresh) world.dropped = true
  if (world.dropped) return { statusCode: 401, data: {} }
  world.made++
  Object.assign(world, { access: `access${world.made}`, refresh: `refresh${world.made}` })
  return { statusCode: 200, data: { access_token: world.access, refresh_token: world.refresh, server_time: new Date().toISOString() } }
}
vi.mock('@tarojs/taro', () => ({ default: { request: answer } }))
vi.mock('@/storage/port', () => ({
  read: async (name: string) => structuredClone(world.kept.get(name)),
  write: async (entries: [string, unknown][]) => { if (world.full) throw new Error('full'); entries.forEach(([name, value]) => world.kept.set(name, structuredClone(value))) },
  erase: async () => undefined, keys: async () => [],
}))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/upload', () => ({ submit: vi.fn(), upload: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

/** A tab: its own memory, the browser's storage. */
async function tab() {
  vi.resetModules()
  const { call } = await import('../src/api/request')
  const { session, revise } = await import('../src/state/session')
  await session.load()
  return { read: () => call('GET', '/x'), session, revise }
}
const expired = () => { world.access = 'none' }
const login = (accountId: string, number: number): Session => ({ accountId, name: '', accessToken: `access${number}`, refreshToken: `refresh${number}`, producers: [] })

describe('a login in two tabs', () => {
  beforeEach(() => {
    world.kept.clear()
    world.kept.set('session', login('a', 1))
    Object.assign(world, { full: false, access: 'access1', refresh: 'refresh1', dropped: false, made: 1, meanwhile: undefined })
  })

  it('goes on in both when one has renewed it', async () => {
    const [one, other] = [await tab(), await tab()]
    expired()
    expect(await one.read()).toEqual({ mine: true })
    expect(await other.read()).toEqual({ mine: true })
    expect(world.made).toBe(2)
    expect(world.dropped).toBe(false)
  })

  it('goes on in both when they renew it at the same moment', async () => {
    const [one, other] = [await tab(), await tab()]
    expired()
    let turn = Promise.resolve()
    vi.stubGlobal('navigator', { locks: { request: <T>(_name: string, _how: object, act: () => Promise<T>) => { const mine = turn.then(act); turn = mine.then(() => undefined); return mine } } })
    expect(await Promise.all([one.read(), other.read()]).finally(() => vi.unstubAllGlobals())).toEqual([{ mine: true }, { mine: true }])
    expect(world.made).toBe(2)
  })

  it('is not wiped for the newer one when an old token is refused', async () => {
    const one = await tab()
    expired()
    world.meanwhile = () => { world.kept.set('session', login('a', 9)); Object.assign(world, { access: 'access9', refresh: 'refresh9', meanwhile: undefined }); return undefined }
    await expect(one.read()).rejects.toMatchObject({ status: 401 })
    expect(world.kept.get('session')).toMatchObject({ refreshToken: 'refresh9' })
    expect(one.session.get()).toMatchObject({ refreshToken: 'refresh9' })
  })

  it('of somebody else by now stays, and is not taken over', async () => {
    const one = await tab()
    expired()
    world.dropped = true
    world.kept.set('session', login('b', 9))
    await expect(one.read()).rejects.toMatchObject({ status: 401 })
    expect(world.kept.get('session')).toEqual(login('b', 9))
    expect(one.session.get()).toBeNull()
  })

  it('keeps its newest tokens when the other tab chooses another producer', async () => {
    const [one, other] = [await tab(), await tab()]
    expired()
    await one.read()
    await other.revise({ chosen: 'p2' })
    expect(world.kept.get('session')).toMatchObject({ refreshToken: 'refresh2', chosen: 'p2' })
    expect(one.session.get()?.chosen).toBeUndefined()
  })

  it('that was renewed on a full phone does not fall back to what is kept', async () => {
    const one = await tab()
    expired()
    world.full = true
    await one.read()
    expired()
    expect(await one.read()).toEqual({ mine: true })
    expect(world.dropped).toBe(false)
  })
})
