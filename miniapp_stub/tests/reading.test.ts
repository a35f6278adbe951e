/** What the reader does with an article's text and its pictures. */
import { describe, expect, it } from 'vitest'
import { pieces } from '@/rules/figures'
import { newest } from '@/state/newest'

const FIGURE = '<figure data-picture="washing-steps"><picture><img src="/p/i0-480.jpg" alt="冲"></picture><figcaption>先冲</figcaption></figure>'

describe('an article in pieces', () => {
  it('is its text when it has no picture', () => {
    expect(pieces('<p>字</p>')).toEqual([{ html: '<p>字</p>' }])
  })

  it('keeps the order of text and pictures, and leaves out what is empty', () => {
    expect(pieces(`${FIGURE}\n<p>甲</p>\n${FIGURE.replace('washing-steps', 'phi-calendar')}\n<p>乙</p>\n`)).toEqual([
      { picture: 'washing-steps' }, { html: '<p>甲</p>\n' }, { picture: 'phi-calendar' }, { html: '<p>乙</p>\n' },
    ])
  })

  it('takes nothing typed by a writer for a picture', () => {
    const typed = '<p>&lt;figure data-picture=&quot;x&quot;&gt;&lt;/figure&gt;</p>'
    expect(pieces(typed)).toEqual([{ html: typed }])
  })
})

describe('what is looked for', () => {
  it('is what was asked for last, however slow an earlier answer is', async () => {
    const shown: string[] = []
    const answered = newest()
    let late = (_found: string) => undefined as void
    const slow = answered(new Promise<string>((resolve) => { late = resolve }), (found) => shown.push(found))
    await answered(Promise.resolve('fruit'), (found) => shown.push(found))
    late('all')
    await slow
    expect(shown).toEqual(['fruit'])
  })
})
