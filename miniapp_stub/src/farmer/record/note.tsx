/** Remarks, typed or spoken; what is too long is said and never cut. */
import { useMemo, useState } from 'react'
import { length, LONGEST_NOTE } from '@/rules/records'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { ear } from '@/ui/platform'
import { useWords } from '@/words'

const UNCUT = 20_000

export function Note({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const listen = useMemo(() => ear(lang === 'en'), [lang])
  const [told, setTold] = useState('')
  const count = length(value)
  const speak = async () => {
    if (!listen) return
    setTold(t('listening'))
    const heard = await listen().catch(() => '')
    setTold(heard ? '' : t('not_heard'))
    if (heard) onChange(value ? `${value} ${heard}` : heard)
  }
  return (
    <>
      <Field label={t('note')} kind="long" value={value} onChange={onChange} max={UNCUT} error={count > LONGEST_NOTE ? t('note_too_long', { count, most: LONGEST_NOTE }) : undefined} />
      {listen && <Button cls="btn quiet" onTap={() => void speak()}>{t('speak')}</Button>}
      {listen && <El as="p" cls="soft">{t('speak_hint')}</El>}
      {told && <El as="p" live>{told}</El>}
    </>
  )
}
