/** The outbox: written to the phone before anything is said to be saved, sent when there is signal, never lost. */
import * as rules from './rules'
import type { Answer, Body, Item, Said } from './rules'

/** Where items are kept; `put` resolves when they are on the phone for good. */
export interface Keep {
  all(): Promise<Item[]>
  put(items: readonly Item[]): Promise<void>
  remove(ids: readonly string[]): Promise<void>
}

/** Sends items and answers for each; throws when no answer came. */
export type Send = (items: readonly Item[]) => Promise<Map<string, Answer>>

export type Draft = Pick<Item, 'id' | 'kind' | 'producer' | 'needs' | 'body' | 'title'> & Pick<Item, 'path' | 'file' | 'part'> & Said

export class Outbox {
  private items = new Map<string, Item>()
  private flushing: Promise<number> | undefined
  private hurried: string | undefined
  private adding: Promise<void> = Promise.resolve()
  /** What a person is changing right now, until the phone has it: it does not leave, or an older version would be sent under the newer. */
  private held = new Set<string>()
  private listeners = new Set<() => void>()
  private shown: readonly Item[] = []

  private constructor(private keep: Keep, private send: Send, private now: () => number) {}

  /** Opens what is kept; what was on its way when the app died waits again. */
  static async open(keep: Keep, send: Send, now: () => number): Promise<Outbox> {
    const outbox = new Outbox(keep, send, now)
    for (const item of await keep.all()) outbox.items.set(item.id, rules.recovered(item))
    outbox.tell()
    return outbox
  }

  /** All items, newest first. The same array until something changes. */
  list = (): readonly Item[] => this.shown

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Keep it on the phone. Resolves only when it is; a second tap with the same id changes nothing. */
  add(owner: string, drafts: readonly Draft[]): Promise<void> {
    const added = this.adding.then(() => this.added(owner, drafts))
    this.adding = added.catch(() => undefined) // told to who wrote it; the next is written all the same
    return added
  }

  private async added(owner: string, drafts: readonly Draft[]): Promise<void> {
    const fresh = drafts.filter((draft) => !this.items.has(draft.id))
    let order = Math.max(0, ...[...this.items.values()].map((item) => item.order))
    const made = fresh.map((draft): Item => ({
      ...draft, owner, order: ++order, state: 'waiting', attempts: 0, notBefore: 0, writtenAt: this.now(),
    }))
    await this.store(made)
  }

  /** Its writer corrected it. Rejects for what is on its way, has arrived, or is being changed already. */
  async correct(id: string, body: Body, title: string, said?: Said): Promise<void> {
    const item = this.items.get(id)
    if (!item) return
    if (this.held.has(id)) throw new Error('cannot correct what is being changed')
    const corrected = rules.corrected(item, body, title, said)
    await this.holding([corrected], () => this.store([corrected]))
  }

  /** The person decided to give this one up; only what must be corrected or conflicts can be. */
  async giveUp(id: string): Promise<void> {
    const item = this.items.get(id)
    if (!item || this.held.has(id) || (item.state !== 'needs_fix' && item.state !== 'conflict')) return
    await this.holding([item], () => this.keep.remove([id]))
    this.items.delete(id)
    this.tell()
  }

  private async holding(items: readonly Item[], act: () => Promise<void>): Promise<void> {
    items.forEach(({ id }) => this.held.add(id))
    try {
      await act()
    } finally {
      items.forEach(({ id }) => this.held.delete(id))
    }
  }

  /** The person wants nothing of theirs kept here any more, sent or not: what is on its way is waited for first. */
  async forgetAll(which: (item: Item) => boolean): Promise<void> {
    await this.flushing
    const ids = [...this.items.values()].filter(which).map((item) => item.id)
    await this.keep.remove(ids)
    ids.forEach((id) => this.items.delete(id))
    this.tell()
  }

  /** Another account's unsent items of these producers become `owner`'s; returns how many. */
  async adopt(owner: string, producers: readonly string[]): Promise<number> {
    const left = rules.strangers([...this.items.values()], owner, producers).filter((item) => !this.held.has(item.id))
    const mine = left.map((item) => rules.adopted(item, owner))
    await this.holding(mine, () => this.store(mine))
    return left.length
  }

  /** Send what may go, one flush at a time; returns how many arrived. `hurry` forgets the waiting times, and when a flush is under
   * way already another follows it: the signal may have come back in the middle. */
  flush(owner: string, hurry = false): Promise<number> {
    if (this.flushing && hurry) this.hurried = owner
    this.flushing ??= this.runs(owner, hurry).finally(() => { this.flushing = undefined })
    return this.flushing
  }

  private async runs(owner: string, hurry: boolean): Promise<number> {
    let arrived = await this.run(owner, hurry)
    while (this.hurried !== undefined) {
      const next = this.hurried
      this.hurried = undefined
      arrived += await this.run(next, true)
    }
    return arrived
  }

  private async run(owner: string, hurry: boolean): Promise<number> {
    if (hurry) for (const item of this.items.values()) item.notBefore = 0
    let arrived = 0
    for (;;) {
      const going = rules.next([...this.items.values()], owner, this.now(), this.held)
      if (!going.length) break
      const leaving = going.map((item): Item => ({ ...item, state: 'sending' }))
      this.show(leaving) // at once: nobody may correct what is leaving
      await this.store(leaving).catch(() => undefined) // a full phone sends all the same: what arrives frees space
      const answers = await this.send(going).catch(() => undefined)
      const settled = going.map((item) => rules.settled(item, answers?.get(item.id) ?? { outcome: 'lost' }, this.now()))
      await this.store(settled).catch(() => this.show(settled)) // a full phone: told now, and asked about again when it is opened
      arrived += settled.filter((item) => item.state === 'delivered').length
      if (!answers) break
    }
    await this.forget()
    return arrived
  }

  private async forget(): Promise<void> {
    const old = [...this.items.values()].filter((item) => rules.forgettable(item, this.now())).map((item) => item.id)
    if (!old.length) return
    await this.keep.remove(old)
    old.forEach((id) => this.items.delete(id))
    this.tell()
  }

  private async store(items: readonly Item[]): Promise<void> {
    if (!items.length) return
    await this.keep.put(items)
    this.show(items)
  }

  private show(items: readonly Item[]): void {
    items.forEach((item) => this.items.set(item.id, item))
    this.tell()
  }

  private tell(): void {
    this.shown = [...this.items.values()].sort((a, b) => b.order - a.order)
    this.listeners.forEach((listener) => listener())
  }
}
