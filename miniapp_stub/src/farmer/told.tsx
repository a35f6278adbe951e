/** Labelled lines of something that was written, and the names they use. */
import type { Line } from '@/rules/telling'
import { farm } from '@/services/farming'
import { useStore } from '@/state/store'
import { El } from '@/ui/base'
import { useWords } from '@/words'

export function Told({ lines }: { lines: readonly Line[] }) {
  const t = useWords()
  if (!lines.length) return null
  return <El as="dl">{lines.map((line) => <El key={line.key} cls="fact"><El as="dt">{t(line.key)}</El><El as="dd">{line.text}</El></El>)}</El>
}

/** Names of sites and products by their ids. */
export function useNames(): Record<string, string> {
  const kept = useStore(farm())
  return Object.fromEntries([...(kept?.sites ?? []), ...(kept?.products ?? [])].map((one) => [one.id, one.name]))
}
