/** Says things in the person's language. */
import { settings, type Lang } from '@/state/settings'
import { useStore } from '@/state/store'
import { dictionary, type Key } from './dictionary'

export type Say = (key: Key, params?: Record<string, string | number>) => string

export function say(lang: Lang): Say {
  return (key, params = {}) =>
    dictionary[key][lang === 'en' ? 1 : 0].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '…'))
}

export function useWords(): Say {
  return say(useStore(settings).lang)
}
