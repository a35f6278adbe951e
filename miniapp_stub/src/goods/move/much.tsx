/** How much of something: a number in one of the units it may be counted in. */
import { base, fitting, inUnit } from '@/rules/moving'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { El, Field } from '@/ui/base'
import { Choices } from '@/ui/choices'
import { label, units } from '@/vocab'

export interface Much { amount: string; unit: string }

export function MuchField({ text, value, onChange, hint }: { text: (unit: string) => string; value: Much; onChange: (value: Much) => void; hint?: string }) {
  const { lang } = useStore(settings)
  const terms = fitting(value.unit)
  const change = (unit: string) => {
    const quantity = base(value.amount, value.unit)
    onChange({ unit, amount: Number.isNaN(quantity) ? value.amount : inUnit(quantity, unit) })
  }
  return (
    <El cls="lines">
      <Field label={text(label(units, value.unit, lang))} kind="number" value={value.amount} onChange={(amount) => onChange({ ...value, amount: amount.trim() })} hint={hint} max={13} />
      {terms.length > 1 && <Choices terms={terms} value={value.unit} onPick={change} />}
    </El>
  )
}
