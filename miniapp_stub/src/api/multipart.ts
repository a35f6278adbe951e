/** The body of a form with files (RFC 7578), for where nothing else writes it. Pure. */
import { utf8 } from '@/rules/hashing'

export interface Part { name: string; called: string; bytes: Uint8Array }

/** The whole body and its content type. The boundary stands in none of the parts. */
export function multipart(form: Record<string, string>, files: readonly Part[]): { body: ArrayBuffer; type: string } {
  const boundary = unused(form, files)
  const pieces = [
    ...Object.entries(form).map(([name, value]) => utf8(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)),
    ...files.flatMap((file) => [
      utf8(`--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="${file.called}"\r\nContent-Type: image/jpeg\r\n\r\n`),
      file.bytes,
      utf8('\r\n'),
    ]),
    utf8(`--${boundary}--\r\n`),
  ]
  const body = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  pieces.reduce((at, piece) => { body.set(piece, at); return at + piece.length }, 0)
  return { body: body.buffer, type: `multipart/form-data; boundary=${boundary}` }
}

/** Photos are compressed bytes and texts are typed by people: what is lengthened until no text holds it is held by nothing. */
function unused(form: Record<string, string>, files: readonly Part[]): string {
  let boundary = `longtrace${files.length}-${files.reduce((sum, file) => sum + file.bytes.length, 0)}`
  while (Object.values(form).some((value) => value.includes(boundary))) boundary += 'x'
  return `${boundary}-4f1c9be2a7d3`
}
