/** Lines of text as a picture, on whatever canvas a platform has. */
import type { Line } from './platform'

const WIDTH = 720
const MARGIN = 48
const FONT = '"PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'

/** Draws and sizes the canvas: dark on white, lines broken where they do not fit. */
export function drawn(canvas: HTMLCanvasElement, lines: readonly Line[]): void {
  canvas.width = WIDTH
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  const style = (line: Line) => { pen.font = `${line.bold ? 'bold ' : ''}${line.size}px ${FONT}` }
  const rows = lines.flatMap((line) => {
    style(line)
    return broken(line.text, (text) => pen.measureText(text).width).map((text) => ({ ...line, text }))
  })
  canvas.height = rows.reduce((sum, row) => sum + row.size * 1.6, 2 * MARGIN)
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, WIDTH, canvas.height)
  pen.fillStyle = '#1d2420'
  let down = MARGIN
  for (const row of rows) {
    style(row)
    down += row.size * 1.6
    pen.fillText(row.text, MARGIN, down - row.size * 0.4)
  }
}

function broken(text: string, width: (text: string) => number): string[] {
  const rows = ['']
  for (const letter of text) {
    const last = rows[rows.length - 1] ?? ''
    if (last && width(last + letter) > WIDTH - 2 * MARGIN) rows.push(letter.trim())
    else rows[rows.length - 1] = last + letter
  }
  return rows
}
