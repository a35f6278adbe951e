/** Where label printers with Bluetooth LE take their bytes: the serial services of the usual modules, in the order they are tried. */
export const SERVICES = [
  '000018f0-0000-1000-8000-00805f9b34fb',
  '0000ff00-0000-1000-8000-00805f9b34fb',
  '49535343-fe7d-4ae5-8fa9-9fafd205e455',
  'e7810a71-73ae-499d-8c15-faa9aef0c3f2',
  '0000ffe0-0000-1000-8000-00805f9b34fb',
  '0000fff0-0000-1000-8000-00805f9b34fb',
] as const

export interface Found { id: string; name: string }
/** Why no printer could be reached, as far as the phone says. */
export type Trouble = 'unsupported' | 'off' | 'denied' | 'none' | 'unreachable' | 'not_a_printer'
export class NoPrinter extends Error {
  constructor(readonly trouble: Trouble) { super(trouble) }
}

/** The best of the services a device has: a known one first, never one of Bluetooth's own (1800, 1801, 180a …). */
export function ranked(uuids: readonly string[]): string[] {
  const own = /^0000(18(?!f0)|fe)[0-9a-f]{2}-/
  const place = (uuid: string) => (SERVICES as readonly string[]).indexOf(uuid)
  const known = SERVICES.filter((uuid) => uuids.includes(uuid))
  return [...known, ...uuids.filter((uuid) => place(uuid) < 0 && !own.test(uuid))]
}
