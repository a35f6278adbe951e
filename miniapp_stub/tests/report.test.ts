/** What a report needs on the phone: the puzzle, the form's bytes, the receipt in words. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multipart } from '../src/api/multipart'
import { sha256, solved } from '../src/rules/hashing'
import { spoken } from '../src/rules/receipts'
import { around, host, pixels, SIDE, ZOOMS } from '../src/rules/tiles'

const hex = (words: Uint32Array) => [...words].map((word) => word.toString(16).padStart(8, '0')).join('')

describe('SHA-256', () => {
  it.each(['', 'abc', 'a'.repeat(55), 'a'.repeat(56), 'a'.repeat(64), '陇溯😀'.repeat(40)])('is as others compute it: %s', (text) => {
    expect(hex(sha256(text))).toBe(createHash('sha256').update(text).digest('hex'))
  })
  it('is so for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => hex(sha256(text)) === createHash('sha256').update(text).digest('hex')))
  })
})

describe('the puzzle', () => {
  it('is solved by a number whose hash begins with zeros, and the search goes on where it stopped', () => {
    const puzzle = 'ABCDEFGHJK0123456789.1790000000.00112233445566778899aabbccddeeff'
    let answer: string | undefined
    for (let from = 0; answer === undefined; from += 1000) answer = solved(puzzle, 12, from, 1000)
    expect(createHash('sha256').update(`${puzzle}:${answer}`).digest('hex')).toMatch(/^000/)
  })
})

describe('a form with photos', () => {
  it('is read back whole by a reader of forms', async () => {
    await fc.assert(fc.asyncProperty(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ unit: 'grapheme', maxLength: 80 })),
      fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 3 }),
      async (form, photos) => {
        const { body, type } = multipart(form, photos.map((bytes, place) => ({ name: 'photos', called: `${place}.jpg`, bytes })))
        const read = await new Response(body, { headers: { 'Content-Type': type } }).formData()
        for (const [name, value] of Object.entries(form)) expect(read.get(name)).toBe(value)
        const files = await Promise.all(read.getAll('photos').map(async (file) => new Uint8Array(await (file as File).arrayBuffer())))
        expect(files).toEqual(photos.map((bytes) => new Uint8Array(bytes)))
      },
    ), { numRuns: 60 })
  })
})

describe('a receipt in words', () => {
  it('has one word a letter, grouped as the receipt is', () => {
    expect(spoken('AB01-ZZ29', 'zh')).toBe('天地零一 果果二九')
    expect(spoken('A1', 'en')).toBe('Alfa one')
  })
})

describe('a map around a position', () => {
  const URL = 'https://tiles.example/{z}/{x}/{y}.png'
  it('is made of the tiles that everybody numbers so', () => {
    const [first] = around(URL, 0, 0, 1)
    expect(first).toEqual({ url: 'https://tiles.example/1/1/0.png', left: -512, top: -256 })
    const wuwei = around(URL, 37.93, 102.64, 15) // by the formula with tan and sec that OpenStreetMap publishes: 25726.52, 12647.64
    expect(wuwei.map((one) => one.url)).toContain('https://tiles.example/15/25726/12647.png')
    expect(host(URL)).toBe('tiles.example')
  })
  it('covers more than the drawing on every side, anywhere and at every zoom', () => {
    fc.assert(fc.property(fc.double({ min: -84, max: 84, noNaN: true }), fc.double({ min: -180, max: 179.99, noNaN: true }), fc.integer({ min: ZOOMS.least, max: ZOOMS.most }), (lat, lon, zoom) => {
      const tiles = around(URL, lat, lon, zoom)
      const sides = [Math.min(...tiles.map((one) => one.left)), Math.min(...tiles.map((one) => one.top))]
      expect(tiles.length).toBe(16)
      for (const side of sides) expect(side).toBeLessThanOrEqual(-256)
      expect(Math.max(...tiles.map((one) => one.left)) + SIDE).toBeGreaterThanOrEqual(256)
      expect(tiles.every(({ url }) => /^https:\/\/tiles\.example\/\d+\/\d+\/\d+\.png$/.test(url))).toBe(true)
    }))
  })
  it('draws a circle as wide as it is on the ground', () => {
    expect(pixels(40_075_017, 0, 0)).toBe(256)
    expect(pixels(100, 60, 15)).toBe(2 * pixels(100, 0, 15))
  })
})
