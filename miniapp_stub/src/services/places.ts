/** Places of the province down to the township, out of the published vocabulary: they are found without signal. */
import regions from '../../../schemas/vocab/regions.json'
import type { Lang } from '@/state/settings'

export interface Place { code: string; zh: string; en: string; level: string; parent?: string; withdrawn?: boolean }

const ALL = (regions.terms as Place[]).filter((place) => !place.withdrawn)
const BY_CODE = new Map(ALL.map((place) => [place.code, place]))
const MOST = 12

export const PROVINCE = ALL.find((place) => place.level === 'province')?.code ?? ''

export function place(code: string): Place | undefined {
  return BY_CODE.get(code)
}

export function under(code: string): Place[] {
  return ALL.filter((one) => one.parent === code)
}

/** 武威市 凉州区 黄羊镇; in English from the smallest up. */
export function named(code: string, lang: Lang): string {
  const path: string[] = []
  for (let one = BY_CODE.get(code); one && one.level !== 'province'; one = BY_CODE.get(one.parent ?? '')) path.unshift(one[lang])
  return lang === 'en' ? path.reverse().join(', ') : path.join(' ')
}

/** Counties and townships whose name holds what was typed; those that begin with it first, counties before townships. */
export function found(typed: string): Place[] {
  const words = typed.trim().toLowerCase().replace(/\s/g, '')
  if (!words) return []
  const place = (one: Place) => [one.zh, one.en.toLowerCase().replace(/\s/g, '')].map((name) => name.indexOf(words)).filter((at) => at >= 0)
  return ALL
    .filter((one) => (one.level === 'county' || one.level === 'township') && place(one).length)
    .map((one) => ({ one, at: Math.min(...place(one)) }))
    .sort((a, b) => a.at - b.at || a.one.code.length - b.one.code.length || a.one.code.localeCompare(b.one.code))
    .slice(0, MOST).map(({ one }) => one)
}
