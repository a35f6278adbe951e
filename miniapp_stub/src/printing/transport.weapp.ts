/** Printers by WeChat's Bluetooth LE. Error codes as its documents name them. */
import Taro from '@tarojs/taro'
import { Gone, Refused, SMALLEST, type Link } from './job'
import { NoPrinter, ranked, type Found } from './printers'

const OFF = 10001
const NOT_SENT = new Set([10000, 10001, 10004, 10005, 10007, 10013])
const OVER = new Set([10002, 10006])
const WANTED_MTU = 185

export function supported(): boolean {
  return Taro.canIUse('openBluetoothAdapter')
}

function code(error: unknown): number {
  return Number((error as { errCode?: number }).errCode ?? 0)
}

function denied(error: unknown): boolean {
  return /auth|deny|privacy/i.test(String((error as { errMsg?: string }).errMsg ?? ''))
}

/** Devices with a name, told as they are found. Returns how to stop looking. Raises NoPrinter. */
export async function seek(tell: (found: Found[]) => void): Promise<() => void> {
  const found = new Map<string, Found>()
  const heard: Taro.onBluetoothDeviceFound.Callback = ({ devices }) => {
    for (const one of devices) if (one.name || one.localName) found.set(one.deviceId, { id: one.deviceId, name: one.name || one.localName })
    tell([...found.values()])
  }
  try {
    await Taro.openBluetoothAdapter()
    Taro.onBluetoothDeviceFound(heard)
    await Taro.startBluetoothDevicesDiscovery({ allowDuplicatesKey: false })
  } catch (error) {
    throw new NoPrinter(denied(error) ? 'denied' : code(error) === OFF ? 'off' : 'none')
  }
  return () => {
    Taro.offBluetoothDeviceFound(heard)
    void Taro.stopBluetoothDevicesDiscovery().catch(() => undefined)
  }
}

/** Raises NoPrinter. */
export async function connect(id: string): Promise<Link> {
  await Taro.createBLEConnection({ deviceId: id, timeout: 10_000 }).catch((error: unknown) => {
    if (code(error) !== -1) throw new NoPrinter('unreachable') // -1: it is connected already
  })
  const { services } = await Taro.getBLEDeviceServices({ deviceId: id }).catch(() => ({ services: [] as { uuid: string }[] }))
  for (const uuid of ranked(services.map((one) => one.uuid.toLowerCase()))) {
    const serviceId = services.find((one) => one.uuid.toLowerCase() === uuid)?.uuid ?? uuid
    const all = (await Taro.getBLEDeviceCharacteristics({ deviceId: id, serviceId }).catch(() => undefined))?.characteristics ?? []
    const door = all.find((one) => one.properties.write)
    if (door) return linked(id, serviceId, door.uuid, await agreed(id))
  }
  void Taro.closeBLEConnection({ deviceId: id }).catch(() => undefined)
  throw new NoPrinter('not_a_printer')
}

/** Bytes a write may carry: what the two sides agreed on less three, or the least there is. Only Android lets itself be asked for more. */
async function agreed(deviceId: string): Promise<number> {
  const agreed = await new Promise<number>((resolve) => {
    void Taro.setBLEMTU({ deviceId, mtu: WANTED_MTU, success: (told) => resolve(Number(told.mtu) || 0), fail: () => resolve(0) })
  })
  return agreed ? agreed - 3 : SMALLEST
}

function linked(deviceId: string, serviceId: string, characteristicId: string, most: number): Link {
  return {
    most,
    answered: true,
    async write(piece) {
      const value = piece.buffer.slice(piece.byteOffset, piece.byteOffset + piece.byteLength) as ArrayBuffer
      try {
        await Taro.writeBLECharacteristicValue({ deviceId, serviceId, characteristicId, value })
      } catch (error) {
        throw OVER.has(code(error)) ? new Gone() : NOT_SENT.has(code(error)) ? new Refused() : error
      }
    },
    close: () => void Taro.closeBLEConnection({ deviceId }).catch(() => undefined),
  }
}
