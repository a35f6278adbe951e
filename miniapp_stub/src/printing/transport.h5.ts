/** Printers by Web Bluetooth, where the browser has it. */
import { Gone, Refused, SMALLEST, type Link } from './job'
import { NoPrinter, ranked, SERVICES, type Found } from './printers'

interface Characteristic {
  properties: { write: boolean; writeWithoutResponse: boolean }
  writeValueWithResponse(value: Uint8Array): Promise<void>
  writeValueWithoutResponse(value: Uint8Array): Promise<void>
}
interface Service { uuid: string; getCharacteristics(): Promise<Characteristic[]> }
interface Server { connected: boolean; connect(): Promise<Server>; disconnect(): void; getPrimaryServices(): Promise<Service[]> }
interface Device { id: string; name?: string; gatt?: Server }
interface Bluetooth { requestDevice(options: object): Promise<Device> }

const chosen = new Map<string, Device>()

function bluetooth(): Bluetooth | undefined {
  return (navigator as unknown as { bluetooth?: Bluetooth }).bluetooth
}

export function supported(): boolean {
  return bluetooth() !== undefined
}

/** The browser's own list opens; whoever is chosen is told. Returns how to stop looking. Raises NoPrinter. */
export async function seek(tell: (found: Found[]) => void): Promise<() => void> {
  const radio = bluetooth()
  if (!radio) throw new NoPrinter('unsupported')
  const device = await radio.requestDevice({ acceptAllDevices: true, optionalServices: [...SERVICES] }).catch((error: Error) => {
    throw new NoPrinter(error.name === 'NotFoundError' ? 'none' : error.name === 'SecurityError' || error.name === 'NotAllowedError' ? 'denied' : 'off')
  })
  chosen.set(device.id, device)
  tell([{ id: device.id, name: device.name ?? device.id }])
  return () => undefined
}

/** Raises NoPrinter. */
export async function connect(id: string): Promise<Link> {
  const gatt = chosen.get(id)?.gatt
  const server = await gatt?.connect().catch(() => undefined)
  if (!server) throw new NoPrinter('unreachable')
  const services = await server.getPrimaryServices().catch((): Service[] => [])
  for (const uuid of ranked(services.map((one) => one.uuid))) {
    const all = await services.find((one) => one.uuid === uuid)?.getCharacteristics().catch((): Characteristic[] => []) ?? []
    const door = all.find((one) => one.properties.write) ?? all.find((one) => one.properties.writeWithoutResponse)
    if (door) return linked(server, door)
  }
  server.disconnect()
  throw new NoPrinter('not_a_printer')
}

function linked(server: Server, door: Characteristic): Link {
  const answered = door.properties.write
  return {
    most: SMALLEST, // a browser does not say what was agreed
    answered,
    async write(piece) {
      if (!server.connected) throw new Gone()
      try {
        await (answered ? door.writeValueWithResponse(piece) : door.writeValueWithoutResponse(piece))
      } catch (error) {
        throw server.connected ? named(error as Error) : new Gone()
      }
    },
    close: () => server.disconnect(),
  }
}

/** Chromium refuses a write while another is under way, before anything leaves the phone; what else failed is not known. */
function named(error: Error): Error {
  return /already in progress/i.test(error.message) || error.name === 'InvalidStateError' ? new Refused(error.message) : error
}
