/** Says things in the person's language. */
import { settings, type Lang } from '@/state/settings'
import { useStore } from '@/state/store'
import { dictionary, type Key } from './dictionary'

function filled(sentence: string, params: Record<string, string | number> = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '…'))
}

export type Say = (key: Key, params?: Record<string, string | number>) => string

export function say(lang: Lang): Say {
  return (key, params) => filled(dictionary[key][lang === 'en' ? 1 : 0], params)
}

type Book = Record<string, readonly [string, string]>

/** The words of a page that keeps them to itself: they travel with it and not with the first load. */
export function useBook<B extends Book>(book: B): (key: keyof B & string, params?: Record<string, string | number>) => string {
  const { lang } = useStore(settings)
  return (key, params) => filled(book[key]?.[lang === 'en' ? 1 : 0] ?? key, params)
}

export function useWords(): Say {
  return say(useStore(settings).lang)
}
