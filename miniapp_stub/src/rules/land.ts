/** Where a plot is. Pure. */
export interface Corner { lon: number; lat: number }

const PARTS = 10_000

/** The mu of several plots together, counted in whole parts as the platform counts decimals. */
export function area(sites: readonly { area_mu: string }[]): number {
  return sites.reduce((sum, site) => sum + Math.round(Number(site.area_mu) * PARTS), 0) / PARTS
}

/** GeoJSON, WGS 84: where one stood is a point, three corners or more are a polygon that the platform measures. */
export function shape(corners: readonly Corner[]): { type: string; coordinates: unknown } {
  const places = corners.map(({ lon, lat }) => [lon, lat])
  return corners.length < 3 ? { type: 'Point', coordinates: places[0] } : { type: 'Polygon', coordinates: [[...places, places[0]]] }
}
