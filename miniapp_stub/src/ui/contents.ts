/** What is in a shipment, in a few words. */
import { plain } from '@/rules/telling'
import type { Event } from '@/services/goods'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { label, units } from '@/vocab'

export function useContents(): (event: Event) => string {
  const { lang } = useStore(settings)
  return (event) => event.takes.map((line) => `${line.product_name} ${plain(line.amount)} ${label(units, line.unit, lang)}`).join(lang === 'en' ? ', ' : '、')
}
