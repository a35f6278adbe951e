/** RFC 8785: ECMAScript's own way to write strings and numbers, names in order of their UTF-16 units. Pure. */

/** Throws on what JSON cannot say. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const named = value as Record<string, unknown>
    return `{${Object.keys(named).sort().map((name) => `${canonical(name)}:${canonical(named[name])}`).join(',')}}`
  }
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) throw new Error('not JSON')
  if (typeof value === 'string') encodeURIComponent(value) // throws on half a character
  return JSON.stringify(value)
}
