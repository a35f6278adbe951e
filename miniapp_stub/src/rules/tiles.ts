/** Tiles of a map around a position: web Mercator, numbered as slippy maps are. Pure. */
export interface Tile { url: string; left: number; top: number }

export const SIDE = 256
export const ZOOMS = { least: 9, first: 15, most: 18 } as const

/** Sixteen tiles; `left` and `top` are pixels from the position, which is in the middle of them. */
export function around(template: string, lat: number, lon: number, zoom: number): Tile[] {
  const across = 2 ** zoom
  const x = ((lon + 180) / 360) * across
  const y = ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * across
  const [column, row] = [Math.round(x) - 2, Math.round(y) - 2]
  return Array.from({ length: 16 }, (_, number) => ({ column: column + (number % 4), row: row + Math.floor(number / 4) }))
    .filter((one) => one.row >= 0 && one.row < across)
    .map((one) => ({
      url: filled(template, zoom, ((one.column % across) + across) % across, one.row),
      left: Math.round((one.column - x) * SIDE), top: Math.round((one.row - y) * SIDE),
    }))
}

function filled(template: string, z: number, x: number, y: number): string {
  return template.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y))
}

/** How wide a circle of so many metres is there, in pixels. */
export function pixels(metres: number, lat: number, zoom: number): number {
  return Math.round((metres * SIDE * 2 ** zoom) / (40_075_017 * Math.cos((lat * Math.PI) / 180)))
}

/** Who is asked for the tiles, as a person reads it. */
export function host(template: string): string {
  return /^https?:\/\/([^/]+)/.exec(template)?.[1] ?? ''
}
