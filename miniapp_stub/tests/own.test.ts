/** What is kept for whoever is logged in: no answer that comes too late is kept for somebody else, and logging out erases it. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetOffice, own } from '../src/state/own'
import { session, type Session } from '../src/state/session'

const phone = vi.hoisted(() => ({ kept: new Map<string, unknown>() }))
vi.mock('@/storage/port', () => ({
  read: async (name: string) => phone.kept.get(name),
  write: async (entries: [string, unknown][]) => entries.forEach(([name, value]) => phone.kept.set(name, value)),
  erase: async (names: string[]) => names.forEach((name) => phone.kept.delete(name)),
  keys: async () => [...phone.kept.keys()],
}))

const person = (accountId: string): Session => ({ accountId, name: '', accessToken: '', refreshToken: '', producers: [] })

describe('what an officer read', () => {
  beforeEach(() => phone.kept.clear())

  it('is not kept when the answer comes after they have left, nor under the name of who came then', async () => {
    await session.set(person('a'))
    const asked = own<string | null>('officer', null)
    await session.set(null)
    await asked.set('late')
    await session.set(person('b'))
    await asked.set('later')
    expect([...phone.kept.keys()]).toEqual(['session'])
    expect(own('officer', null).get()).toBeNull()
  })

  it('is erased when their login runs out and nobody pressed anything', async () => {
    await session.set(person('a'))
    await own<string | null>('officer', null).set('read of others')
    await session.set(null)
    await vi.waitFor(() => expect(phone.kept.has('officer:a')).toBe(false))
  })

  it('is kept while they are there, and erased when they go', async () => {
    await session.set(person('a'))
    const asked = own<string | null>('officer', null)
    await asked.set('in time')
    expect(phone.kept.get('officer:a')).toBe('in time')
    await session.set(null)
    await forgetOffice()
    expect(phone.kept.has('officer:a')).toBe(false)
    expect(asked.get()).toBeNull()
  })
})
