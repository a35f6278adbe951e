/** An article's text with its pictures: the server marks where each stands, the phone draws it itself. */

export type Piece = { html: string } | { picture: string }

const FIGURE = /<figure data-picture="([\w-]+)">[\s\S]*?<\/figure>\s*/

/** The pieces in their order; text alone is one piece. */
export function pieces(html: string): Piece[] {
  return html.split(FIGURE).map((one, at): Piece => (at % 2 ? { picture: one } : { html: one }))
    .filter((one) => !('html' in one) || one.html.trim() !== '')
}
