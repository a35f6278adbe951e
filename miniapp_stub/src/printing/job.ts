/**
 * Sends a label's bytes to a printer in small writes, and never says more than it knows. Pure but for the link and the clock it is given.
 *
 * A Bluetooth write ends in one of five ways (`Fate`). One that was refused goes again: the printer has seen nothing of it. One whose
 * fate is unclear must not go again, a doubled piece would spoil the label; until the PRINT command nothing comes out of the printer,
 * so the whole label is sent once more behind a line end. What may have been a PRINT command is left to the person's own eyes.
 */

/** One open connection to one printer. */
export interface Link {
  /** Bytes that one write may carry. */
  readonly most: number
  /** Whether the printer acknowledges each write; otherwise “sent” is all that is known. */
  readonly answered: boolean
  /** Holds the beginning of a label that never ended. */
  dirty?: boolean
  /** Resolves when written. Rejects with Refused, Gone, or anything else when it is not known what became of it. */
  write(piece: Uint8Array): Promise<void>
  close(): void
}

/** The printer has surely seen nothing of this write. */
export class Refused extends Error {}
/** The connection is over. */
export class Gone extends Error {}

type Fate = 'sent' | 'refused' | 'unclear' | 'silent' | 'gone'
/**
 * done: every byte is out. cancelled, busy: can go on where it stopped. silent, gone: the connection is over and nothing was printed.
 * unclear: too often nobody knew; nothing was printed. uncertain: the PRINT command may or may not have arrived.
 */
export type Outcome = 'done' | 'cancelled' | 'busy' | 'silent' | 'gone' | 'unclear' | 'uncertain'

export interface Clock { wait(ms: number): Promise<void> }
export interface Progress { sent: number; total: number }

export const SMALLEST = 20 // bytes: what every Bluetooth LE link carries (ATT MTU 23 less 3)
const LARGEST = 180
const PATIENCE = 8_000
const TRIES = 6
const RESTARTS = 2
const GAP = 15
const BLIND_GAP = 40 // a printer that does not acknowledge is given time to empty its buffer
const MARK = new Uint8Array([13, 10]) // ends whatever line was left unfinished

/** Where the PRINT command of a TSPL job begins; the whole length when there is none. */
export function printsAt(bytes: Uint8Array): number {
  const word = [80, 82, 73, 78, 84, 32] // "PRINT "
  for (let at = bytes.length - word.length; at >= 0; at--) {
    if ((at === 0 || bytes[at - 1] === 10) && word.every((letter, place) => bytes[at + place] === letter)) return at
  }
  return bytes.length
}

/** The writes of a job, in order, each at most `most` bytes; none holds both a PRINT command and what stands before it. */
export function pieces(bytes: Uint8Array, most: number): Uint8Array[] {
  const size = Math.max(1, Math.floor(most))
  const cut = printsAt(bytes)
  const parts: Uint8Array[] = []
  for (const [from, to] of [[0, cut], [cut, bytes.length]] as const) {
    for (let at = from; at < to; at += size) parts.push(bytes.slice(at, Math.min(at + size, to)))
  }
  return parts
}

export function sizeFor(link: Link): number {
  return Math.min(Math.max(link.most, SMALLEST), LARGEST)
}

export class Job {
  private parts: Uint8Array[] = []
  private at = 0
  private link: Link | undefined
  private wanted = true

  constructor(private bytes: Uint8Array, private clock: Clock, private tell: (progress: Progress) => void) {}

  /** Send, or go on where it stopped when the link is the same. Never rejects. */
  async run(link: Link): Promise<Outcome> {
    this.wanted = true
    if (this.link !== link) this.begin(link)
    for (let restarts = 0; restarts <= RESTARTS; restarts++) {
      const outcome = await this.through(link)
      if (outcome !== 'unclear') return this.ended(outcome, link)
      this.at = 0
      this.told()
    }
    return 'unclear'
  }

  /** Stop after the write that is under way. */
  cancel(): void {
    this.wanted = false
  }

  /** Another connection knows nothing of what the last one was sent, but its printer may. */
  private begin(link: Link): void {
    if (this.link) link.dirty = true
    this.link = link
    this.parts = pieces(this.bytes, sizeFor(link))
    this.at = 0
  }

  private async through(link: Link): Promise<Outcome> {
    if (this.at === 0 && link.dirty) {
      const fate = await this.put(link, MARK)
      if (fate !== 'sent') return this.meaning(fate)
    }
    this.told()
    for (let part = this.parts[this.at]; part; part = this.parts[this.at]) {
      if (!this.wanted) return 'cancelled'
      const fate = await this.put(link, part)
      if (fate !== 'refused') link.dirty = true
      if (fate !== 'sent') return this.meaning(fate)
      this.at++
      this.told()
      await this.clock.wait(link.answered ? GAP : BLIND_GAP)
    }
    link.dirty = false
    return 'done'
  }

  private meaning(fate: Exclude<Fate, 'sent'>): Outcome {
    if (fate === 'refused') return this.wanted ? 'busy' : 'cancelled'
    return this.before() < printsAt(this.bytes) ? fate : 'uncertain'
  }

  /** A link that may still hold back a write is never written to again: the late write would land in the middle of the next label. */
  private ended(outcome: Outcome, link: Link): Outcome {
    if (outcome === 'silent' || outcome === 'gone' || outcome === 'uncertain') link.close()
    return outcome
  }

  private async put(link: Link, part: Uint8Array): Promise<Fate> {
    for (let tries = 1; ; tries++) {
      const fate = await this.once(link, part)
      if (fate !== 'refused' || tries === TRIES || !this.wanted) return fate
      await this.clock.wait(50 * 2 ** tries)
    }
  }

  private once(link: Link, part: Uint8Array): Promise<Fate> {
    const written = link.write(part).then(
      (): Fate => 'sent',
      (error): Fate => (error instanceof Refused ? 'refused' : error instanceof Gone ? 'gone' : 'unclear'),
    )
    return Promise.race([written, this.clock.wait(PATIENCE).then((): Fate => 'silent')])
  }

  private before(): number {
    return this.parts.slice(0, this.at).reduce((sum, part) => sum + part.length, 0)
  }

  private told(): void {
    this.tell({ sent: this.before(), total: this.bytes.length })
  }
}
