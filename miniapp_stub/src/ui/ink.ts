/** Ink on a white sheet, the same for a browser's canvas and WeChat's. */
export interface Point { x: number; y: number }

/** The sheet is white: a picture of the name is read on any ground. */
export function paper(pen: CanvasRenderingContext2D, width: number, height: number): void {
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, width, height)
}

/** One piece of a stroke; a tap is a dot. */
export function line(pen: CanvasRenderingContext2D, from: Point, to: Point): void {
  pen.strokeStyle = '#111'
  pen.lineWidth = 3.5
  pen.lineCap = pen.lineJoin = 'round'
  pen.beginPath()
  pen.moveTo(from.x, from.y)
  pen.lineTo(to.x, to.y === from.y && to.x === from.x ? to.y + 0.1 : to.y)
  pen.stroke()
}
