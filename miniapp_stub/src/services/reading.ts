/** Articles: found and read when there is signal, the last twenty read kept for when there is none. */
import { ApiError, call } from '@/api/request'
import type { components } from '@/api/schema'
import { clearings, store } from '@/state/store'
import * as port from '@/storage/port'
import { erasePictures, keepPictures } from './pictures'

type Out<Name extends keyof components['schemas']> = Required<components['schemas'][Name]>
export type Drawing = Out<'ShownPictureOut'>
export type Reading = Omit<Out<'ReadingOut'>, 'lead'> & { lead?: Drawing | null }
/** What was kept by an earlier version has no pictures. */
export type Article = Omit<Out<'FullReadingOut'>, 'lead' | 'pictures'> & { lead?: Drawing | null; pictures?: Drawing[] }
export interface Shelf { items: Reading[]; next_cursor?: string | null }
export interface Brief { slug: string; kind: string; title: string; summary: string; verdict: string | null; thumb?: string }

export type Read = { kind: 'fresh'; article: Article } | { kind: 'kept'; article: Article; at: number } | { kind: 'not_found' } | { kind: 'unreachable' }

const MOST = 20
const PAGE = 12
const NEXT = 3
/** What was read lately, newest first. */
export const readLately = store<Brief[]>('read_lately', [])

/** Raises ApiError. */
export function find(asked: { q?: string; kind?: string; crop?: string; cursor?: string; size?: number }): Promise<Shelf> {
  const { q, kind, crop, cursor, size = PAGE } = asked
  return call<Shelf>('GET', '/api/v1/reading', { query: { q: q || undefined, kind: kind || undefined, crop, cursor, size }, open: true })
}

/** The article now; the kept copy when there is no signal. */
export async function read(slug: string): Promise<Read> {
  const before = clearings.count
  try {
    const article = await call<Article>('GET', `/api/v1/reading/${encodeURIComponent(slug)}`, { open: true })
    if (before === clearings.count) await remember(article).catch(() => undefined) // a full phone still reads
    void keepPictures(files(article), async () => !!(await port.read(`article:${slug}`))) // reading does not wait for them
    return { kind: 'fresh', article }
  } catch (error) {
    if (error instanceof ApiError && !error.lost) return { kind: 'not_found' }
    const copy = (await port.read(`article:${slug}`)) as { article: Article; at: number } | undefined
    return copy ? { kind: 'kept', ...copy } : { kind: 'unreachable' }
  }
}

let keeping: Promise<void> = Promise.resolve()

/** One after the other: two at once would each forget the other's. */
function remember(article: Article): Promise<void> {
  keeping = keeping.catch(() => undefined).then(() => keep(article))
  return keeping
}

async function keep(article: Article): Promise<void> {
  await readLately.load()
  const { slug } = article
  const list = [brief(article), ...readLately.get().filter((known) => known.slug !== slug)]
  const before = await drawings(slug)
  await port.write([[`article:${slug}`, { article, at: Date.now() }]])
  const old = list.slice(MOST)
  const gone = (await Promise.all(old.map((one) => drawings(one.slug)))).flat()
  await port.erase(old.map((one) => `article:${one.slug}`))
  await readLately.set(list.slice(0, MOST))
  await erasePictures([...gone, ...before.filter((path) => !files(article).includes(path))])
}

export function brief({ slug, kind, title, summary, verdict, lead }: Reading | Article): Brief {
  return { slug, kind, title, summary, verdict: verdict ?? null, thumb: lead?.thumb }
}

function files({ lead, pictures = [] }: Article): string[] {
  return [...(lead ? [lead.thumb] : []), ...pictures.map((one) => one.small)]
}

/** The pictures of an article that is kept. */
async function drawings(slug: string): Promise<string[]> {
  const copy = (await port.read(`article:${slug}`)) as { article: Article } | undefined
  return copy ? files(copy.article) : []
}

/** Others about the same crop, else of the same kind. Empty when they cannot be asked for. */
export async function near(article: Article): Promise<Reading[]> {
  const by = article.crops[0] ? { crop: article.crops[0] } : { kind: article.kind }
  const shelf = await find({ ...by, size: NEXT + 1 }).catch(() => undefined)
  return (shelf?.items ?? []).filter((one) => one.slug !== article.slug).slice(0, NEXT)
}
