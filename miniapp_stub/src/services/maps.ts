/** Whether the operator has a tile server, and whose map it is. Asked for once a position is shown; without an answer there is the plain drawing. */
import { call } from '@/api/request'
import { store } from '@/state/store'

export interface MapSource { tiles: string | null; credit: string }

export const mapSource = store<MapSource>('map', { tiles: null, credit: '' })

/** As it was kept, then anew when there is signal. */
export async function openMap(): Promise<void> {
  await mapSource.load()
  await call<MapSource>('GET', '/api/v1/map', { open: true }).then((found) => mapSource.set(found)).catch(() => undefined)
}
