/** Labels to a printer over a link that drops, delays, refuses, forgets to answer and breaks: the label's own bytes, or an honest word. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Gone, Job, Refused, pieces, printsAt, SMALLEST, type Clock, type Link, type Outcome, type Progress } from '../src/printing/job'
import { ranked, SERVICES } from '../src/printing/printers'
import { SIZES, testPage } from '../src/printing/testpage'

/** Time that moves only when nothing else can. */
class Time implements Clock {
  private now = 0
  private waiting: { at: number; go: () => void }[] = []
  wait = (ms: number) => new Promise<void>((go) => { this.waiting.push({ at: this.now + ms, go }) })
  async until<T>(work: Promise<T>): Promise<T> {
    let over = false
    const ended = work.finally(() => { over = true })
    for (;;) {
      for (let turn = 0; turn < 20 && !over; turn++) await Promise.resolve()
      if (over) return ended
      this.waiting.sort((a, b) => a.at - b.at)
      const next = this.waiting.shift()
      if (!next) throw new Error('nothing is left to wait for')
      this.now = next.at
      next.go()
    }
  }
}

type Event = 'ok' | 'slow' | 'refused' | 'failed_before' | 'failed_after' | 'dropped' | 'unanswered' | 'late' | 'gone_before' | 'gone_after'
const KNOWN: Event[] = ['ok', 'slow', 'refused']
const ALL: Event[] = [...KNOWN, 'failed_before', 'failed_after', 'dropped', 'unanswered', 'late', 'gone_before', 'gone_after']

/** A printer that writes down every byte, and does with each write what the script says; then all goes well. */
class Recorder {
  bytes: number[] = []
  largest = 0
  constructor(private time: Time, private script: Event[]) {}
  link(most: number): Link {
    let open = true
    const take = (piece: Uint8Array) => { if (open) { this.bytes.push(...piece); this.largest = Math.max(this.largest, piece.length) } }
    const forever = new Promise<void>(() => undefined)
    const does: Record<Event, (piece: Uint8Array) => Promise<void> | void> = {
      ok: take,
      slow: (piece) => this.time.wait(700).then(() => take(piece)),
      refused: () => { throw new Refused() },
      failed_before: () => { throw new Error('failed') },
      failed_after: (piece) => { take(piece); throw new Error('failed') },
      dropped: () => forever,
      unanswered: (piece) => { take(piece); return forever },
      late: (piece) => this.time.wait(8_040).then(() => take(piece)),
      gone_before: () => { open = false; throw new Gone() },
      gone_after: (piece) => { take(piece); open = false; throw new Gone() },
    }
    return {
      most, answered: true, close: () => { open = false },
      write: async (piece) => {
        if (!open) throw new Gone()
        await does[this.script.shift() ?? 'ok'](piece)
      },
    }
  }
  text(): string { return Buffer.from(this.bytes).toString('latin1') }
}

const line = fc.stringMatching(/^[ -~]{0,40}$/).filter((one) => !one.includes('PRINT'))
const label = fc.tuple(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 500 }))
  .map(([lines, copies]) => Uint8Array.from(Buffer.from([...lines, 'CLS', `PRINT 1,${copies}`, ''].join('\r\n'), 'latin1')))
const most = fc.integer({ min: 1, max: 300 })
const PRINTED = /(^|\n)PRINT 1,\d+\r\n/g

/** Sends the label, trying again as a person would: go on where that is offered, a new connection where the old one is over. */
async function sent(bytes: Uint8Array, script: Event[], width: number, again: number): Promise<{ printer: Recorder; outcomes: Outcome[]; told: Progress[] }> {
  const time = new Time()
  const printer = new Recorder(time, [...script])
  const told: Progress[] = []
  const job = new Job(bytes, time, (progress) => told.push(progress))
  const outcomes: Outcome[] = []
  let link = printer.link(width)
  for (let round = 0; round <= again; round++) {
    const outcome = await time.until(job.run(link))
    outcomes.push(outcome)
    if (outcome === 'done' || outcome === 'uncertain') break
    if (outcome === 'silent' || outcome === 'gone') link = printer.link(width)
  }
  return { printer, outcomes, told }
}

describe('a label', () => {
  it('arrives byte for byte in order, however often writes are refused or slow', async () => {
    await fc.assert(fc.asyncProperty(label, fc.array(fc.constantFrom(...KNOWN), { maxLength: 60 }), most, async (bytes, script, width) => {
      const { printer, outcomes } = await sent(bytes, script, width, 12)
      expect(outcomes[outcomes.length - 1]).toBe('done')
      expect(printer.bytes).toEqual([...bytes])
    }), { numRuns: 300 })
  })

  it('has nothing before it when even its first write was refused for long', async () => {
    const { printer, outcomes } = await sent(testPage('40x30'), Array<Event>(8).fill('refused'), SMALLEST, 3)
    expect(outcomes).toEqual(['busy', 'done'])
    expect(printer.bytes).toEqual([...testPage('40x30')])
  })

  it('is whole when it is said to be done, and prints once; else nothing was printed, or it is said that nobody knows', async () => {
    await fc.assert(fc.asyncProperty(label, fc.array(fc.constantFrom(...ALL), { maxLength: 40 }), most, fc.nat(6), async (bytes, script, width, again) => {
      const { printer, outcomes } = await sent(bytes, script, width, again)
      const outcome = outcomes[outcomes.length - 1]
      const printed = printer.text().match(PRINTED) ?? []
      if (outcome === 'done') {
        expect(printer.bytes.slice(-bytes.length)).toEqual([...bytes])
        expect(printer.text().slice(0, -bytes.length)).toMatch(/^$|\r\n$/) // never glued to what an earlier try left behind
        expect(printed).toHaveLength(1)
      } else if (outcome === 'uncertain') {
        expect(printed.length).toBeLessThanOrEqual(1)
      } else {
        expect(printed).toHaveLength(0)
      }
    }), { numRuns: 500 })
  })

  it('is cut into writes that a link carries, and the command that prints stands in writes of its own', () => {
    fc.assert(fc.property(label, most, (bytes, width) => {
      const parts = pieces(bytes, width)
      expect(parts.flatMap((part) => [...part])).toEqual([...bytes])
      expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(width)
      let at = 0
      for (const part of parts) {
        expect(at < printsAt(bytes) && at + part.length > printsAt(bytes)).toBe(false)
        at += part.length
      }
    }))
  })

  it('goes in writes of twenty bytes over the least of links', async () => {
    const { printer } = await sent(testPage('40x30'), [], SMALLEST, 0)
    expect(printer.largest).toBe(20)
  })

  it('tells a progress that only goes back when it begins again, and is full only when all is out', async () => {
    await fc.assert(fc.asyncProperty(label, fc.array(fc.constantFrom(...KNOWN), { maxLength: 20 }), async (bytes, script) => {
      const { told, outcomes } = await sent(bytes, script, SMALLEST, 0)
      const counts = told.map((one) => one.sent)
      expect([...counts].sort((a, b) => a - b)).toEqual(counts)
      expect(counts.includes(bytes.length)).toBe(outcomes[0] === 'done')
    }))
  })

  it('stops when it is told to, and goes on from there', async () => {
    await fc.assert(fc.asyncProperty(label, fc.nat(30), async (bytes, after) => {
      const time = new Time()
      const printer = new Recorder(time, [])
      const link = printer.link(SMALLEST)
      let calls = 0
      const job: Job = new Job(bytes, time, () => { if (++calls === after + 2) job.cancel() })
      const first = await time.until(job.run(link))
      if (first === 'cancelled') expect(printer.text().match(PRINTED)).toBeNull()
      if (first === 'cancelled') expect(await time.until(job.run(link))).toBe('done')
      expect(printer.bytes).toEqual([...bytes])
    }))
  })

  it('begins behind a line end when the printer was left with half of another', async () => {
    const time = new Time()
    const printer = new Recorder(time, Array<Event>(40).fill('ok'))
    const link = printer.link(SMALLEST)
    let job: Job
    job = new Job(testPage('60x40'), time, (progress) => { if (progress.sent > 40) job.cancel() })
    expect(await time.until(job.run(link))).toBe('cancelled')
    const before = printer.bytes.length
    expect(await time.until(new Job(testPage('40x30'), time, () => undefined).run(link))).toBe('done')
    expect(printer.bytes.slice(before)).toEqual([13, 10, ...testPage('40x30')])
  })

  it('is never written after the printer stopped answering', async () => {
    const { printer, outcomes } = await sent(testPage('40x30'), ['ok', 'late', 'ok'], SMALLEST, 0)
    expect(outcomes).toEqual(['silent'])
    expect(printer.bytes).toHaveLength(20)
  })
})

describe('the test label', () => {
  it.each(Object.keys(SIZES))('of %s says what it is in the printer’s own Chinese', (size) => {
    const text = new TextDecoder('gb18030').decode(testPage(size))
    expect(text.split('\r\n')).toEqual([
      `SIZE ${size.split('x')[0]} mm,${size.split('x')[1]} mm`, 'GAP 2 mm,0 mm', 'DIRECTION 1', 'CLS',
      'TEXT 16,16,"TSS24.BF2",0,1,1,"打印测试"', 'TEXT 16,56,"TSS16.BF2",0,1,1,"字迹清楚、位置居中即可使用"', 'PRINT 1,1', '',
    ])
  })
})

describe('a printer', () => {
  it('is written to at a service that printers have, and never at one of Bluetooth’s own', () => {
    const strange = '12345678-0000-1000-8000-00805f9b34fb'
    const own = ['00001800-0000-1000-8000-00805f9b34fb', '0000180a-0000-1000-8000-00805f9b34fb', '0000fe59-0000-1000-8000-00805f9b34fb']
    expect(ranked([...own, strange, SERVICES[1], SERVICES[0]])).toEqual([SERVICES[0], SERVICES[1], strange])
  })
})
