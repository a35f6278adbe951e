/** Where the phone stands: a plain drawing, and a map where the operator has one and the person wants it. */
import { useEffect, useState } from 'react'
import { around, host, pixels, ZOOMS } from '@/rules/tiles'
import { mapSource, openMap } from '@/services/maps'
import { useStore } from '@/state/store'
import { useWords } from '@/words'
import { Button, El, Picture } from './base'
import './plan.css'

export function Plan({ lat, lon, accuracy }: { lat: number; lon: number; accuracy: number }) {
  const t = useWords()
  const source = useStore(mapSource)
  const [zoom, setZoom] = useState<number>()
  useEffect(() => { void openMap() }, [])
  const tiles = zoom && source.tiles ? around(source.tiles, lat, lon, zoom) : []
  const ring = zoom ? Math.max(pixels(2 * accuracy, lat, zoom), 24) : 92
  return (
    <>
      <El cls={zoom ? 'plan map' : 'plan'} hidden>
        {tiles.map((one) => <El key={one.url} cls="plan-tile" style={{ left: `calc(50% + ${one.left}px)`, top: `calc(50% + ${one.top}px)` }}><Picture src={one.url} alt="" cls="plan-picture" /></El>)}
        <El as="span" cls="plan-north">{t('north')} ↑</El>
        <El cls="plan-ring" style={{ width: `${ring}px`, height: `${ring}px` }} />
        <El as="span" cls="plan-dot" />
        {!zoom && <El as="span" cls="plan-you">{t('you_here')}</El>}
      </El>
      {zoom && <El as="p" cls="soft">{source.credit}</El>}
      {zoom && (
        <El cls="pair">
          <Button cls="btn quiet" disabled={zoom >= ZOOMS.most} onTap={() => setZoom(zoom + 1)}>{t('map_nearer')}</Button>
          <Button cls="btn quiet" disabled={zoom <= ZOOMS.least} onTap={() => setZoom(zoom - 1)}>{t('map_farther')}</Button>
        </El>
      )}
      {!zoom && source.tiles && (
        <>
          <El as="p" cls="soft">{t('map_told', { host: host(source.tiles) })}</El>
          <Button cls="btn quiet" onTap={() => setZoom(ZOOMS.first)}>{t('map_show')}</Button>
        </>
      )}
    </>
  )
}
