/** A small label that the phone makes itself: shows whether paper, heat and the printer's Chinese font are right. Same as the server's. */
const TITLE = 'b4f2d3a1b2e2cad4' // the two lines in GB18030, which browsers can read and not write
const HINT = 'd7d6bca3c7e5b3fea1a2cebbd6c3bed3d6d0bcb4bfc9cab9d3c3'

export const SIZES: Record<string, readonly [number, number]> = { '40x30': [40, 30], '60x40': [60, 40] }

/** TSPL for one label of this size (millimetres, from `SIZES`). */
export function testPage(size: string): Uint8Array {
  const [width, height] = SIZES[size] ?? [40, 30]
  const head = [`SIZE ${width} mm,${height} mm`, 'GAP 2 mm,0 mm', 'DIRECTION 1', 'CLS', ''].join('\r\n')
  return joined([ascii(head), ...line(16, 24, TITLE), ...line(56, 16, HINT), ascii('PRINT 1,1\r\n')])
}

function line(top: number, font: number, hex: string): Uint8Array[] {
  return [ascii(`TEXT 16,${top},"TSS${font}.BF2",0,1,1,"`), bytesOf(hex), ascii('"\r\n')]
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  parts.reduce((at, part) => { whole.set(part, at); return at + part.length }, 0)
  return whole
}
