/** The verdict that is drawn before the app is there says what the app will say. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { dictionary } from '@/words/dictionary'

const source = readFileSync(path.join(__dirname, '..', 'src', 'early.js'), 'utf8')

describe('the verdict before the app', () => {
  it('stands under the title of the trace page', () => {
    const titles = /line\('h1', '', \{ zh: '([^']+)', en: '([^']+)' \}\[lang\]\)/.exec(source)?.slice(1)
    expect(titles).toEqual(dictionary.trace)
  })
})
