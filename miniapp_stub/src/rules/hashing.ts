/** SHA-256 (FIPS 180-4) and the puzzle that a report solves; WeChat has no cryptography of its own. Pure. */
const FIRST = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]
const ROUNDS = rounds()

/** The fractional parts of the cube roots of the first 64 primes, 32 bits each. */
function rounds(): Uint32Array {
  const found = new Uint32Array(64)
  for (let number = 2, count = 0; count < 64; number += 1) {
    let prime = true
    for (let by = 2; by * by <= number && prime; by += 1) prime = number % by !== 0
    if (prime) found[count++] = (Math.cbrt(number) % 1) * 2 ** 32
  }
  return found
}

export function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0
    const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return Uint8Array.from(bytes)
}

const right = (word: number, by: number) => (word >>> by) | (word << (32 - by))

/** Eight 32-bit words. */
export function sha256(text: string): Uint32Array {
  const bytes = utf8(text)
  const blocks = new DataView(new ArrayBuffer(((bytes.length + 72) >> 6) << 6))
  bytes.forEach((byte, at) => blocks.setUint8(at, byte))
  blocks.setUint8(bytes.length, 0x80)
  blocks.setUint32(blocks.byteLength - 4, bytes.length * 8)
  const state = Uint32Array.from(FIRST)
  const words = new Uint32Array(64)
  for (let at = 0; at < blocks.byteLength; at += 64) block(state, words, blocks, at)
  return state
}

function block(state: Uint32Array, w: Uint32Array, blocks: DataView, at: number): void {
  for (let i = 0; i < 16; i += 1) w[i] = blocks.getUint32(at + 4 * i)
  for (let i = 16; i < 64; i += 1) {
    const early = w[i - 15]!, late = w[i - 2]!
    w[i] = w[i - 16]! + (right(early, 7) ^ right(early, 18) ^ (early >>> 3)) + w[i - 7]! + (right(late, 17) ^ right(late, 19) ^ (late >>> 10))
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i]! + w[i]!) | 0
    const two = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + value
}

/** The first number from `from` on, of `count`, whose hash with the puzzle begins with `bits` zero bits (at most 32). */
export function solved(puzzle: string, bits: number, from: number, count: number): string | undefined {
  for (let number = from; number < from + count; number += 1) {
    if (sha256(`${puzzle}:${number}`)[0]! >>> (32 - bits) === 0) return String(number)
  }
  return undefined
}
