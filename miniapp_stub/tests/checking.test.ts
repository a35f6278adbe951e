/** What a code is answered with is held against the code that was asked for. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { verdictOf } from '../src/rules/proof/verdict'
import { answer, found } from '../src/services/check'

const net = vi.hoisted(() => ({ bundle: {} as object, kept: new Map<string, unknown>(), signal: true }))
vi.mock('@tarojs/taro', () => ({
  default: {
    request: async ({ url }: { url: string }) => {
      if (!net.signal) throw new Error('no signal')
      return url.endsWith('/certificate') ? { statusCode: 200, data: net.bundle } : { statusCode: 404, data: {} }
    },
  },
}))
vi.mock('@/storage/port', () => ({ read: async (key: string) => net.kept.get(key), write: async (pairs: [string, unknown][]) => pairs.forEach(([key, value]) => net.kept.set(key, value)), erase: async () => undefined, keys: async () => [], readAll: async () => [] }))
vi.mock('../src/api/download', () => ({ download: vi.fn() }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))

const made = JSON.parse(readFileSync(path.resolve(__dirname, 'vectors/proofs.json'), 'utf8')) as { bundle: { certificate: { code: string } } }
const own = made.bundle.certificate.code

async function word(asked: Parameters<typeof found>[0]): Promise<string> {
  const said = await answer(await found(asked))
  return said.kind === 'paper' ? verdictOf(said.checked).word : said.kind
}

describe('a certificate that was fetched by its code', () => {
  it('is of that code', async () => {
    net.bundle = made.bundle
    expect(await word({ code: own })).toBe('no_keys')
    expect(await word({ text: own.toLowerCase() })).toBe('no_keys')
    expect(await word({ code: '7K3MPX9Q0007' })).toBe('other_code')
    expect(await word({ text: 'https://x.cn/t/7K3MPX9Q0007' })).toBe('other_code')
    net.signal = false
    expect(await word({ code: '7K3MPX9Q0007' })).toBe('other_code')
    expect(await word({ code: own })).toBe('no_keys')
  })
})
