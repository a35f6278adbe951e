/** The way from a record to a root, RFC 9162 section 2.1.3.2 over the hashes of RFC 6962. Pure; needs BigInt. */
import { sha256 } from '@noble/hashes/sha2.js'
import { joined } from './bytes'

/** Our hash after a step, and the sibling it was joined with, on that side; the record's own step has none. */
export interface Step { hash: Uint8Array; sibling?: Uint8Array; side?: 'left' | 'right' }

export const leafHash = (record: Uint8Array) => sha256(joined(Uint8Array.of(0), record))
export const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(joined(Uint8Array.of(1), left, right))

/** The steps, the record's first; undefined when the path has the wrong length for its place. */
export function climb(record: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Step[] | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined
  let hash = leafHash(record)
  const steps: Step[] = [{ hash }]
  let [at, last] = [index, size - 1]
  for (const sibling of path) {
    if (last === 0) return undefined
    const left = at % 2 === 1 || at === last
    hash = left ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
    steps.push({ hash, sibling, side: left ? 'left' : 'right' })
    for (; left && at % 2 === 0 && at !== 0; at /= 2) last = Math.floor(last / 2)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? steps : undefined
}
