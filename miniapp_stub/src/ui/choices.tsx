/** One of a few: the terms of a vocabulary as buttons. */
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import type { Term } from '@/vocab'
import { Button, El } from './base'

export function Choices({ terms, value, onPick, label }: { terms: readonly Term[]; value: string; onPick: (code: string) => void; label?: string }) {
  const { lang } = useStore(settings)
  return <El cls="choices" label={label}>{terms.map((one) => <Button key={one.code} cls="choice" pressed={value === one.code} onTap={() => onPick(one.code)}>{one[lang]}</Button>)}</El>
}
