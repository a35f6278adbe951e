/** Where a plot is. Pure. */
export interface Corner { lon: number; lat: number }

/** GeoJSON, WGS 84: where one stood is a point, three corners or more are a polygon that the platform measures. */
export function shape(corners: readonly Corner[]): { type: string; coordinates: unknown } {
  const places = corners.map(({ lon, lat }) => [lon, lat])
  return corners.length < 3 ? { type: 'Point', coordinates: places[0] } : { type: 'Polygon', coordinates: [[...places, places[0]]] }
}
