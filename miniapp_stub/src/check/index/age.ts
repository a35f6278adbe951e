/** How long ago, in the largest unit that fits; pure but for the words. */
import type { useBook } from '@/words'
import type { check } from '@/words/check'

export type Say = ReturnType<typeof useBook<typeof check>>

const MINUTE = 60_000
const UNITS = [['v_age_days', 1440], ['v_age_hours', 60], ['v_age_minutes', 1]] as const

export function aged(milliseconds: number, s: Say): string {
  const minutes = Math.max(1, Math.floor(milliseconds / MINUTE))
  const [unit, size] = UNITS.find(([, least]) => minutes >= least) ?? UNITS[2]
  return s(unit, { count: Math.floor(minutes / size) })
}
