/** What a report needs on the phone: the puzzle, the form's bytes, the receipt in words. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multipart } from '../src/api/multipart'
import { sha256, solved } from '../src/rules/hashing'
import { spoken } from '../src/rules/receipts'

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
