/** A value that pages watch: what was set is never replaced by what was kept before, however slow the phone is. */
import { describe, expect, it, vi } from 'vitest'
import { store } from '../src/state/store'

const phone = vi.hoisted(() => ({ kept: new Map<string, unknown>(), slow: [] as (() => void)[] }))
const later = () => new Promise<void>((done) => phone.slow.push(done))
vi.mock('@/storage/port', () => ({
  read: async (name: string) => { const found = phone.kept.get(name); await later(); return found },
  write: async (entries: [string, unknown][]) => { await later(); entries.forEach(([name, value]) => phone.kept.set(name, value)) },
}))
const finish = async () => { while (phone.slow.length) { phone.slow.splice(0).forEach((done) => done()); await new Promise((done) => setTimeout(done)) } }

describe('a value', () => {
  it('set while the old one is being read, or read while the new one is being written, is the new one', async () => {
    for (const first of ['load', 'set'] as const) {
      phone.kept.set('lots', 'old')
      const watched = store('lots', 'none')
      const both = first === 'load' ? [watched.load(), watched.set('new')] : [watched.set('new'), watched.load()]
      await finish()
      await Promise.all(both)
      expect(watched.get()).toBe('new')
      expect(phone.kept.get('lots')).toBe('new')
    }
  })
  it('that was kept is read', async () => {
    phone.kept.set('lots', 'old')
    const watched = store('lots', 'none')
    const loading = watched.load()
    await finish()
    await loading
    expect(watched.get()).toBe('old')
  })
})
