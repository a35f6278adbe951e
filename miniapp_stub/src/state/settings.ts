/** What a person set for themselves: care mode, text size, language. */
import { store } from './store'

export type Lang = 'zh' | 'en'
export interface Settings { care: boolean; scale: number; lang: Lang }

export const SCALES = [1, 1.2, 1.45] as const
export const settings = store<Settings>('settings', { care: false, scale: 1, lang: 'zh' })

/** Care mode is never smaller than 22 px; the scale of the person comes on top. */
export function factor({ care, scale }: Settings): number {
  return (care ? 1.25 : 1) * scale
}
