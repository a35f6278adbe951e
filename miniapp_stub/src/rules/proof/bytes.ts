/** Bytes and how they are spelled. Of two spellings of the same bytes one alone is taken, so that no changed character goes unseen.
 * WeChat has neither `atob` nor `TextDecoder`. Pure. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const PLAIN = `${LETTERS}+/`
const URL_SAFE = `${LETTERS}-_`

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')
}

/** Throws on anything but pairs of small hexadecimal digits. */
export function fromHex(said: unknown): Uint8Array {
  if (typeof said !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(said)) throw new Error('not hexadecimal')
  return Uint8Array.from(said.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

/** RFC 4648 section 5 without padding. Throws. */
export function fromBase64url(said: unknown): Uint8Array {
  return decoded(said, URL_SAFE)
}

/** RFC 4648 section 4 with its padding. Throws. */
export function fromBase64(said: unknown): Uint8Array {
  const bare = typeof said === 'string' && said.length % 4 === 0 ? said.replace(/={1,2}$/, '') : undefined
  if (bare === undefined || Math.ceil(bare.length / 4) * 4 !== String(said).length) throw new Error('not base64')
  return decoded(bare, PLAIN)
}

export function toBase64url(bytes: Uint8Array): string {
  return encoded(bytes, URL_SAFE)
}

export function toBase64(bytes: Uint8Array): string {
  const bare = encoded(bytes, PLAIN)
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
}

function decoded(said: unknown, letters: string): Uint8Array {
  if (typeof said !== 'string' || said.length % 4 === 1) throw new Error('not base64')
  const bytes = new Uint8Array((said.length * 3) >> 2)
  let held = 0
  let at = 0
  for (let place = 0; place < said.length; place += 1) {
    const value = letters.indexOf(said.charAt(place))
    if (value < 0) throw new Error('not base64')
    held = ((held & 0xff) << 6) | value
    if (place % 4) bytes[at++] = (held >> (6 - 2 * (place % 4))) & 0xff
  }
  if (encoded(bytes, letters) !== said) throw new Error('loose bits') // the last letter can be spelled in several ways
  return bytes
}

function encoded(bytes: Uint8Array, letters: string): string {
  let said = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const count = Math.min(bytes.length - at, 3) + 1
    for (let place = 0; place < count; place += 1) said += letters.charAt((three >> (18 - 6 * place)) & 63)
  }
  return said
}

/** UTF-8. Throws on half a character. */
export function utf8(text: string): Uint8Array {
  const said = encodeURIComponent(text)
  return Uint8Array.from(said.match(/%..|./g) ?? [], (one) => (one.length > 1 ? parseInt(one.slice(1), 16) : one.charCodeAt(0)))
}

/** Throws on what is no UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return decodeURIComponent(hex(bytes).replace(/../g, '%$&'))
}

/** A hash of 32 bytes, in hex or in base64. Throws. */
export function hash32(said: unknown): Uint8Array {
  const bytes = typeof said === 'string' && said.length === 64 ? fromHex(said) : fromBase64(said)
  if (bytes.length !== 32) throw new Error('not a hash')
  return bytes
}
