/** What a scanned or typed text means. Pure; the same reading of look-alikes as the server's. */
export type Read = { kind: 'trace'; code: string } | { kind: 'proof'; digits: string } | { kind: 'foreign' } | { kind: 'nothing' }

const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/
/** The second code on a certificate: the check page with the whole proof behind the `#`. */
const PROOF = /^https?:\/\/[^\s#]{1,300}\/verify(?:\?[^\s#]*)?#(\d{200,4000})$/i
const LONGEST = 2000

/** A trace code in a link (`…/t/CODE`, `?q=…`, `?code=…`) or typed by hand, with spaces, dashes, O for 0 and I for 1. */
export function read(text: string): Read {
  const digits = text.length < 5000 ? PROOF.exec(text.trim())?.[1] : undefined
  if (digits) return { kind: 'proof', digits }
  const given = text.slice(0, LONGEST).trim()
  if (!given) return { kind: 'nothing' }
  const linked = /^https?:\/\//i.test(given) ? inLink(given) : given
  const code = linked && normal(linked)
  return code && CODE.test(code) ? { kind: 'trace', code } : { kind: 'foreign' }
}

function inLink(link: string): string | undefined {
  const path = /\/t\/([^/?#]+)/.exec(link)?.[1]
  if (path) return path
  const query = /[?&](?:q|code)=([^&#]+)/.exec(link)?.[1]
  if (!query) return undefined
  try {
    const inner = decodeURIComponent(query)
    return /^https?:/i.test(inner) ? inLink(inner) : inner
  } catch {
    return undefined
  }
}

export function normal(typed: string): string {
  return typed.slice(0, 64).toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
}
