/** What a person set for themselves: care mode, text size, language. */
import { store } from './store'

export type Lang = 'zh' | 'en'
export interface Settings { care: boolean; scale: number; lang: Lang }

/** Of 18 px: the largest makes body text 30 px. */
export const SCALES = [1, 1.25, 1.67] as const
export const settings = store<Settings>('settings', { care: false, scale: 1, lang: 'zh' })

const CARE = 1.25
const MOST = 2

/**
 * What all text is multiplied by: the person's choice here, times what they set for the whole phone (`system`, 1 when
 * nothing). Never smaller than 18 px; at twice that it stops, where a line of a 360 px screen still holds eight characters.
 */
export function factor({ care, scale }: Settings, system = 1): number {
  return Math.min(Math.max((care ? CARE : 1) * scale * system, 1), MOST)
}
