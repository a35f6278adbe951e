/** Whatever happens to the phone and the signal, the server ends with each record exactly once and nothing is dropped. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Outbox, type Keep, type Send } from '../src/outbox/outbox'
import type { Answer, Item } from '../src/outbox/rules'
import * as rules from '../src/outbox/rules'

/** Storage that outlives the app. A kill in the middle of a flush leaves the old app's promises without a storage. */
class Disk {
  items = new Map<string, Item>()
  files = new Set<string>()
  full = false
  keep(): Keep & { dead: boolean } {
    const disk = this
    return {
      dead: false,
      async all() { return [...disk.items.values()].map((item) => structuredClone(item)) },
      async put(items) {
        if (this.dead) throw new Error('killed')
        if (disk.full) throw new Error('full')
        items.forEach((item) => disk.items.set(item.id, structuredClone(item)))
        items.forEach((item) => { if (item.file && item.state === 'delivered') disk.files.delete(item.file) })
      },
      async remove(ids) {
        if (this.dead) throw new Error('killed')
        ids.forEach((id) => { disk.items.delete(id); disk.files.delete(id) })
      },
    }
  }
}

/** A server that keeps the first of each id, refuses what is marked bad, and insists that what an item needs comes first. */
class Server {
  kept = new Map<string, { value: unknown; owner: string; times: number }>()
  take(item: Item): Answer {
    const there = this.kept.get(item.id)
    if (there) return { outcome: 'duplicate', differs: there.value !== item.body.value }
    if (item.body.bad) return { outcome: 'rejected', problem: { reason: 'unit_wrong', message: '单位不对' } }
    if (item.needs.some((id) => !this.kept.has(id))) {
      return { outcome: 'rejected', problem: { reason: 'batch_unknown', message: '没有这个批次' } }
    }
    this.kept.set(item.id, { value: item.body.value, owner: item.owner, times: 1 })
    return { outcome: 'created' }
  }
}

type Fate = 'fine' | 'request_lost' | 'answer_lost' | 'sent_twice' | 'reordered' | 'killed_before' | 'killed_after'
const FATES: Fate[] = ['fine', 'request_lost', 'answer_lost', 'sent_twice', 'reordered', 'killed_before', 'killed_after']
const OWNERS = ['li', 'wang']

/** What each kind needs of what the same owner wrote before: a batch its land, a record its batch, a photo its record. */
const NEEDS = { site: undefined, batch: 'site', record: 'batch', photo: 'record' } as const
type Chain = keyof typeof NEEDS
const KINDS = Object.keys(NEEDS) as Chain[]

const act = fc.oneof(
  fc.record({ do: fc.constant('write' as const), owner: fc.constantFrom(...OWNERS), bad: fc.boolean(), kind: fc.constantFrom(...KINDS) }),
  fc.record({ do: fc.constant('flush' as const), owner: fc.constantFrom(...OWNERS), fate: fc.constantFrom(...FATES) }),
  fc.record({ do: fc.constant('kill' as const) }),
  fc.record({ do: fc.constant('again' as const) }),
  fc.record({ do: fc.constant('edit' as const), which: fc.nat(30) }),
  fc.record({ do: fc.constant('later' as const), days: fc.nat(40) }),
)

class World {
  disk = new Disk()
  server = new Server()
  clock = 0
  fate: Fate = 'fine'
  keep = this.disk.keep()
  written = new Map<string, string>()
  last = new Map<string, string>()
  outbox!: Outbox

  private send: Send = async (items) => {
    for (const item of items) if (item.file) expect(this.disk.files).toContain(item.file)
    if (this.fate === 'request_lost' || this.fate === 'killed_before') return this.end()
    const order = this.fate === 'reordered' ? [...items].reverse() : items
    const answers = new Map(order.map((item) => [item.id, this.server.take(item)]))
    if (this.fate === 'sent_twice') order.forEach((item) => this.server.take(item))
    if (this.fate === 'answer_lost' || this.fate === 'killed_after') return this.end()
    return answers
  }

  private end(): never {
    if (this.fate.startsWith('killed')) this.keep.dead = true
    throw new Error('no answer')
  }

  async start(): Promise<void> {
    this.keep.dead = true
    this.keep = this.disk.keep()
    this.outbox = await Outbox.open(this.keep, this.send, () => this.clock)
  }

  async write(owner: string, bad: boolean, kind: Chain): Promise<string> {
    const id = `item-${this.written.size}`
    const before = [...this.written].filter(([, who]) => who === `${owner}/${NEEDS[kind]}`).map(([one]) => one)
    const file = kind === 'photo' ? { file: id, part: 'photo', path: '/photos' } : {}
    if (kind === 'photo') this.disk.files.add(id)
    await this.outbox.add(owner, [{ id, kind, producer: 'p', needs: before.slice(-1), body: { value: id, bad }, title: id, ...file }])
    this.written.set(id, `${owner}/${kind}`)
    this.last.set(id, id)
    return id
  }

  async flush(owner: string, fate: Fate): Promise<void> {
    this.fate = fate
    await this.outbox.flush(owner, true).catch((error: Error) => expect(error.message).toBe('killed'))
    this.fate = 'fine'
    if (this.keep.dead) await this.start()
  }

  async edit(which: number): Promise<void> {
    const open = this.outbox.list().filter((item) => item.state === 'needs_fix' || item.state === 'waiting')
    const item = open[which % Math.max(open.length, 1)]
    if (!item) return
    const value = `${item.body.value as string}+`
    await this.outbox.correct(item.id, { value, bad: false }, item.title)
    this.last.set(item.id, value)
  }

  async finish(): Promise<void> {
    for (let round = 0; round < KINDS.length + 2; round++) {
      for (const owner of OWNERS) await this.flush(owner, 'fine')
      for (const item of this.outbox.list().filter((one) => one.state === 'needs_fix')) {
        await this.outbox.correct(item.id, { ...item.body, bad: false }, item.title)
      }
    }
  }
}

describe('the outbox', () => {
  it('brings every record to the server exactly once and drops nothing, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        const world = new World()
        await world.start()
        for (const one of acts) {
          if (one.do === 'write') await world.write(one.owner, one.bad, one.kind)
          if (one.do === 'flush') await world.flush(one.owner, one.fate)
          if (one.do === 'kill') await world.start()
          if (one.do === 'again') {
            const [newest] = world.outbox.list()
            if (newest) await world.outbox.add(newest.owner, [newest])
          }
          if (one.do === 'edit') await world.edit(one.which)
          if (one.do === 'later') world.clock += one.days * 86_400_000
        }
        await world.finish()
        for (const item of world.disk.items.values()) if (item.file) expect(world.disk.files.has(item.file)).toBe(item.state !== 'delivered')
        expect([...world.server.kept.keys()].sort()).toEqual([...world.written.keys()].sort())
        for (const [id, owner] of world.written) {
          const kept = world.server.kept.get(id)
          expect(kept?.owner).toBe(owner.split('/')[0])
          const here = world.disk.items.get(id)
          // An edit the server has not got is never silent: it stands in the list as a conflict to be looked at.
          if (kept?.value !== world.last.get(id)) expect(here?.state).toBe('conflict')
        }
      }),
      { numRuns: 400 },
    )
  }, 60_000)

  it('waits longer after each failure and never more than five minutes', () => {
    expect([1, 2, 3].map(rules.wait)).toEqual([5_000, 10_000, 20_000])
    expect(rules.wait(50)).toBe(300_000)
  })

  it('lets one bad record hold up nothing but what needs it', async () => {
    const world = new World()
    await world.start()
    await world.write('li', true, 'record')
    await world.write('li', false, 'record')
    await world.flush('li', 'fine')
    expect(world.outbox.list().map((item) => item.state)).toEqual(['delivered', 'needs_fix'])
  })

  it('takes no correction of what is on its way', async () => {
    const world = new World()
    await world.start()
    await world.write('li', false, 'record')
    const going = world.flush('li', 'fine')
    await expect(world.outbox.correct('item-0', { value: 'other' }, 'x')).rejects.toThrow('sending')
    await going
    expect(world.server.kept.get('item-0')?.value).toBe('item-0')
  })

  it('sends from a full phone, knows what arrived, and asks again after it was closed', async () => {
    const world = new World()
    await world.start()
    await world.write('li', false, 'record')
    await world.write('li', true, 'record')
    world.disk.full = true
    await world.flush('li', 'fine')
    expect(world.outbox.list().map((item) => item.state)).toEqual(['needs_fix', 'delivered'])
    await world.start()
    expect(world.outbox.list().map((item) => item.state)).toEqual(['waiting', 'waiting'])
    world.disk.full = false
    await world.flush('li', 'fine')
    expect(world.outbox.list().map((item) => item.state)).toEqual(['needs_fix', 'delivered'])
    expect(world.server.kept.size).toBe(1)
  })

  it('sends nothing of another account', async () => {
    const world = new World()
    await world.start()
    await world.write('li', false, 'record')
    await world.flush('wang', 'fine')
    expect(world.server.kept.size).toBe(0)
    expect(world.outbox.list()[0]?.state).toBe('waiting')
  })

  it('forgets only what arrived more than sixty days ago', async () => {
    const world = new World()
    await world.start()
    await world.write('li', false, 'record')
    await world.write('li', true, 'record')
    await world.flush('li', 'fine')
    world.clock += 61 * 86_400_000
    await world.flush('li', 'fine')
    expect([...world.disk.items.values()].map((item) => item.state)).toEqual(['needs_fix'])
  })

  it('sends land, then the batch on it, then its record, then the photo, however often the answer is lost', async () => {
    const world = new World()
    await world.start()
    const ids = []
    for (const kind of KINDS) ids.push(await world.write('li', false, kind))
    for (const _ of KINDS) await world.flush('li', 'answer_lost')
    await world.flush('li', 'fine')
    expect([...world.server.kept.keys()]).toEqual(ids)
    expect(world.disk.files.size).toBe(0)
  })

  it('holds a whole chain back while its land is refused, and lets it go when that is corrected', async () => {
    const world = new World()
    await world.start()
    const site = await world.write('li', true, 'site')
    for (const kind of ['batch', 'record', 'photo'] as const) await world.write('li', false, kind)
    await world.flush('li', 'fine')
    expect(world.server.kept.size).toBe(0)
    expect(world.outbox.list().map((item) => item.state)).toEqual(['waiting', 'waiting', 'waiting', 'needs_fix'])
    await world.outbox.correct(site, { value: site, bad: false }, site)
    await world.flush('li', 'fine')
    expect(world.server.kept.size).toBe(4)
  })

  it('does not leave what waited for something given up in silence: it is sent and refused in words', async () => {
    const world = new World()
    await world.start()
    const site = await world.write('li', true, 'site')
    await world.write('li', false, 'batch')
    await world.flush('li', 'fine')
    await world.outbox.giveUp(site)
    await world.flush('li', 'fine')
    expect(world.outbox.list().map((item) => [item.kind, item.state])).toEqual([['batch', 'needs_fix']])
  })

  it('is taken over by another login only for producers it works for, and never what is on its way or arrived', async () => {
    const world = new World()
    await world.start()
    await world.write('li', false, 'record')
    await world.flush('li', 'fine')
    await world.write('li', false, 'record')
    expect(await world.outbox.adopt('wang', ['other'])).toBe(0)
    await world.outbox.add('officer', [{ id: 'visit', kind: 'visit', producer: 'p', needs: ['never'], body: {}, title: 'visit' }])
    expect(await world.outbox.adopt('wang', ['p'])).toBe(1)
    await world.flush('wang', 'fine')
    expect(world.server.kept.size).toBe(2)
    expect(world.outbox.list().map((item) => item.owner)).toEqual(['officer', 'wang', 'li'])
  })

  it('sends again at once when the signal comes back in the middle of a flush that fails', async () => {
    const disk = new Disk()
    let lost = 1
    const taken: string[] = []
    const send: Send = async (items) => {
      await Promise.resolve()
      if (lost-- > 0) throw new Error('no signal')
      items.forEach((item) => taken.push(item.id))
      return new Map(items.map((item) => [item.id, { outcome: 'created' as const }]))
    }
    const outbox = await Outbox.open(disk.keep(), send, () => 0)
    await outbox.add('li', [{ id: 'a', kind: 'record', producer: 'p', needs: [], body: {}, title: 'a' }])
    const failing = outbox.flush('li')
    const hurried = outbox.flush('li', true)
    await Promise.all([failing, hurried])
    expect(taken).toEqual(['a'])
  })

  it('knows when to try again: never for what waits for a person', () => {
    const item = (some: Partial<Item>): Item => ({
      id: 'a', owner: 'li', order: 1, kind: 'record', producer: 'p', needs: [], title: '', state: 'waiting', attempts: 0, notBefore: 0, writtenAt: 0, body: {}, ...some,
    })
    expect(rules.soonest([item({ notBefore: 9 }), item({ id: 'b', notBefore: 5 })], 'li')).toBe(5)
    expect(rules.soonest([item({ state: 'needs_fix' }), item({ id: 'b', needs: ['a'] })], 'li')).toBeUndefined()
    expect(rules.soonest([item({ owner: 'wang' })], 'li')).toBeUndefined()
  })
})
