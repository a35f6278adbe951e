/** Where it is: found by name or step by step, and, only after a tap, where the phone stands, on a plain drawing without any map service. */
import { useState } from 'react'
import { found, named, place, PROVINCE, under } from '@/services/places'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { position, type Where } from '@/ui/platform'
import { Plan } from '@/ui/plan'
import { useWords } from '@/words'

export function PlaceChooser({ region, onPick }: { region: string; onPick: (code: string) => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const [asked, setAsked] = useState('')
  const [at, setAt] = useState(PROVINCE)
  if (region) {
    return (
      <El cls="picked">
        <El as="p"><El as="strong">{named(region, lang)}</El></El>
        <Button cls="btn quiet" onTap={() => onPick('')}>{t('place_change')}</Button>
      </El>
    )
  }
  const results = found(asked)
  const here = place(at)
  return (
    <>
      <Field label={t('place_find')} value={asked} onChange={setAsked} max={20} />
      {results.map((one) => <Button key={one.code} cls="row" onTap={() => onPick(one.code)}>{named(one.code, lang)}</Button>)}
      {asked.trim() && results.length === 0 && <El as="p" cls="soft" live>{t('place_none', { asked: asked.trim() })}</El>}
      {results.length === 0 && (
        <>
          {at !== PROVINCE && <El as="p" cls="soft">{named(at, lang)}</El>}
          <El cls="choices">
            {at !== PROVINCE && <Button cls="choice" onTap={() => setAt(here?.parent ?? PROVINCE)}>{t('place_up')}</Button>}
            {here?.level === 'county' && <Button cls="choice" onTap={() => onPick(at)}>{t('place_whole', { county: here[lang] })}</Button>}
            {under(at).map((one) => <Button key={one.code} cls="choice" onTap={() => (one.level === 'township' ? onPick(one.code) : setAt(one.code))}>{one[lang]}</Button>)}
          </El>
        </>
      )}
    </>
  )
}

export type Here = Extract<Where, { kind: 'here' }>

/** The position as the officers will read it. */
export function Standing({ here, onChange }: { here: Here | undefined; onChange: (here: Here | undefined) => void }) {
  const t = useWords()
  const [wrong, setWrong] = useState('')
  const ask = async () => {
    const where = await position()
    setWrong(where.kind === 'here' ? '' : t(where.kind === 'denied' ? 'place_denied' : 'place_unknown'))
    onChange(where.kind === 'here' ? where : undefined)
  }
  return (
    <>
      {!here && <Button cls="btn quiet" onTap={() => void ask()}>{t('place_here')}</Button>}
      {wrong && <El as="p" live>{wrong}</El>}
      {here && (
        <El cls="standing">
          <Plan lat={here.lat} lon={here.lon} accuracy={here.accuracy_m ?? 100} />
          <El as="p">{t('place_said', said(here))}</El>
          <Button cls="btn quiet" onTap={() => onChange(undefined)}>{t('place_forget')}</Button>
        </El>
      )}
    </>
  )
}

export function said(here: Here): Record<'lat' | 'lon' | 'accuracy', string> {
  return { lat: here.lat.toFixed(5), lon: here.lon.toFixed(5), accuracy: String(Math.round(here.accuracy_m ?? 100)) }
}
