/** Instants as the calendar and the clocks of China show them, whatever zone the phone is set to. Pure. */
const AHEAD = 8 * 3_600_000

const shown = (at: number | string) => new Date((typeof at === 'string' ? Date.parse(at) : at) + AHEAD).toISOString()

/** The civil day: `2026-11-23`. */
export function day(at: number | string): string {
  return shown(at).slice(0, 10)
}

/** Day and time: `2026-11-23 10:05`. */
export function minute(at: number | string): string {
  return shown(at).slice(0, 16).replace('T', ' ')
}
