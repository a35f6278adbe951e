/** A new plot: its name, its area, and where it is by standing on it. Works without signal. */
import { useRef, useState } from 'react'
import { useRouter } from '@tarojs/taro'
import type { Corner } from '@/rules/land'
import { correctSite, newSite } from '@/services/land'
import { theOutbox } from '@/services/outbox'
import { Button, El, Field } from '@/ui/base'
import { goBack } from '@/ui/leaving'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { position } from '@/ui/platform'
import { useWords } from '@/words'
import { useFresh } from '../fresh'

const AREA = /^\d{1,6}(\.\d{1,2})?$/

function Site() {
  const t = useWords()
  const { item = '' } = useRouter().params
  useFresh()
  const correcting = theOutbox().list().find((one) => one.id === item)
  const [name, setName] = useState(String(correcting?.body.name ?? ''))
  const [mu, setMu] = useState(String(correcting?.body.typed_area_mu ?? ''))
  const [corners, setCorners] = useState<Corner[]>([])
  const [problem, setProblem] = useState(correcting?.problem ? `${correcting.problem.message}${correcting.problem.hint ?? ''}` : '')
  const busy = useRef(false)
  const wanting = () => {
    if (!name.trim()) return t('missing', { what: t('site_name') })
    if (!AREA.test(mu) || Number(mu) <= 0) return t('missing', { what: t('f_area') })
    return corners.length || correcting ? '' : t('site_where_missing')
  }
  const save = async () => {
    const why = wanting()
    if (why || busy.current) return setProblem(why)
    busy.current = true
    const land = { name: name.trim(), typed_area_mu: mu, corners }
    const title = t('site_title', { name: land.name })
    try {
      await (correcting ? correctSite(correcting.id, land, title) : newSite(land, title))
      await goBack('/farmer/farm/index')
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  return (
    <Page title={t('new_site')}>
      <El as="section" cls="card">
        <Field label={t('site_name')} value={name} onChange={setName} hint={t('site_name_hint')} max={60} />
        <Field label={t('f_area')} kind="number" value={mu} onChange={setMu} max={9} />
        <Corners corners={corners} change={(some) => { setCorners(some); setProblem('') }} onProblem={setProblem} />
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        <Button cls="btn big" onTap={() => void save()}>{t('save')}</Button>
      </El>
    </Page>
  )
}

function Corners({ corners, change, onProblem }: { corners: readonly Corner[]; change: (some: Corner[]) => void; onProblem: (text: string) => void }) {
  const t = useWords()
  const [looking, setLooking] = useState(false)
  const stand = async () => {
    setLooking(true)
    const where = await position()
    setLooking(false)
    if (where.kind === 'denied') return onProblem(t('where_denied'))
    if (where.kind === 'unknown') return onProblem(t('where_unknown'))
    change([...corners, { lon: where.lon, lat: where.lat }])
  }
  return (
    <>
      <El as="h2">{t('site_where')}</El>
      <El as="p" cls="soft">{t('site_where_hint')}</El>
      <Button cls="btn quiet" disabled={looking} onTap={() => void stand()}>{t(looking ? 'looking' : corners.length ? 'next_corner' : 'stand_here')}</Button>
      {corners.length > 0 && <El as="p" cls="good" live>{corners.length < 3 ? t('corner_point') : t('corner_polygon', { count: corners.length })}</El>}
      {corners.length > 0 && <Button cls="btn quiet" onTap={() => change([])}>{t('corners_again')}</Button>}
    </>
  )
}

export default started(Site)
