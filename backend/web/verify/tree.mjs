// Draws the way from a record to the signed root: one level a step, our node and its sibling side by side.

import { hex } from './check.mjs'
import { say } from './words.mjs'

const SPACE = 'http://www.w3.org/2000/svg'
const [WIDTH, LEVEL, BOX_WIDTH, BOX_HEIGHT, TOP] = [320, 64, 132, 36, 22]

function make(name, attributes, words = null) {
  const made = document.createElementNS(SPACE, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  if (words !== null) made.textContent = words
  return made
}

function box(x, y, kind, words) {
  const group = make('g', { class: kind })
  group.append(
    make('rect', { x: x - BOX_WIDTH / 2, y, width: BOX_WIDTH, height: BOX_HEIGHT, rx: 8 }),
    make('text', { x, y: y + BOX_HEIGHT / 2 + 6, 'text-anchor': 'middle' }, words),
  )
  return group
}

const short = (hash) => `${hex(hash.subarray(0, 4))}…`

/** `steps` as `climb` gives them: the leaf first. */
export function drawTree(steps) {
  const height = TOP + steps.length * LEVEL
  const drawn = make('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': say('tree'), class: 'tree' })
  const [left, right] = [WIDTH / 4, (WIDTH * 3) / 4]
  const above = (at) => steps[at + 1]?.side
  const placeOf = (at) => (above(at) === 'left' ? right : above(at) === 'right' ? left : WIDTH / 2)
  const yOf = (at) => TOP + (steps.length - 1 - at) * LEVEL
  steps.forEach((step, at) => {
    const next = steps[at + 1]
    if (!next) return
    const [y, top] = [yOf(at), yOf(at + 1) + BOX_HEIGHT]
    for (const x of [left, right]) drawn.append(make('line', { x1: x, y1: y, x2: placeOf(at + 1), y2: top, class: x === placeOf(at) ? 'ours' : '' }))
    drawn.append(box(placeOf(at) === left ? right : left, y, 'sibling', short(next.sibling)))
  })
  steps.forEach((step, at) => drawn.append(box(placeOf(at), yOf(at), at === steps.length - 1 ? 'root' : 'node', short(step.hash))))
  drawn.append(make('text', { x: WIDTH / 2, y: 16, 'text-anchor': 'middle', class: 'name' }, say('root')))
  drawn.append(make('text', { x: placeOf(0), y: yOf(0) + BOX_HEIGHT + 17, 'text-anchor': 'middle', class: 'name' }, say('record')))
  return drawn
}
