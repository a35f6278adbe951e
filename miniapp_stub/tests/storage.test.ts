/** WeChat's storage writes one key at a time: a phone that fills up in the middle keeps nothing of it. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Outbox, type Draft } from '../src/outbox/outbox'
import type { Item } from '../src/outbox/rules'
import { eraseFiles, readAll, write } from '../src/storage/port.weapp'

const phone = vi.hoisted(() => ({ files: new Set<string>(), kept: new Map<string, unknown>(), room: Infinity }))
vi.mock('@tarojs/taro', () => {
  const size = () => [...phone.kept].reduce((sum, [key, value]) => sum + key.length + JSON.stringify(value).length, 0)
  return { default: {
    getStorageSync: (key: string) => phone.kept.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => {
      const old = phone.kept.get(key)
      phone.kept.set(key, value)
      if (size() <= phone.room) return
      if (old === undefined) phone.kept.delete(key)
      else phone.kept.set(key, old)
      throw new Error('setStorageSync:fail exceed storage max size')
    },
    removeStorageSync: (key: string) => phone.kept.delete(key),
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getFileSystemManager: () => ({
      readdir: ({ dirPath, success }: { dirPath: string; success: (found: object) => void }) => success({ files: dirPath === 'wxfile://usr/' ? [...phone.files].map((name) => name.slice(dirPath.length)) : [] }),
      unlink: ({ filePath, complete }: { filePath: string; complete: () => void }) => { phone.files.delete(filePath); complete() },
    }),
    getStorageInfoSync: () => ({ keys: [...phone.kept.keys()] }),
  } }
})

beforeEach(() => {
  phone.kept.clear()
  phone.room = Infinity
})

describe('a full phone', () => {
  it('has what it had before when not all can be kept', async () => {
    await write([['b', 'old']])
    phone.room = 20
    await expect(write([['a', 'new'], ['b', 'new'], ['c', 'x'.repeat(20)]])).rejects.toThrow('exceed')
    expect([...phone.kept]).toEqual([['b', 'old']])
  })

  it('does not send later what it said was not kept', async () => {
    const keep = {
      all: async () => (await readAll('outbox:')) as Item[],
      put: (items: readonly Item[]) => write(items.map((item) => [`outbox:${item.id}`, item] as const)),
      remove: async () => undefined,
    }
    const open = () => Outbox.open(keep, async () => new Map(), () => 0)
    const draft = (id: string): Draft => ({ id, kind: 'record', producer: 'p', needs: [], body: {}, title: '' })
    phone.room = 400
    await expect((await open()).add('li', [draft('record'), draft('photo1'), draft('photo2')])).rejects.toThrow('exceed')
    expect((await open()).list()).toEqual([])
  })
})

describe('a phone that is cleared', () => {
  it('keeps no exported file, no paper and no picture', async () => {
    for (const name of ['longtrace-2026-05-01.json', 'certificate.pdf', 'drawn-one.jpg']) phone.files.add(`wxfile://usr/${name}`)
    await eraseFiles()
    expect([...phone.files]).toEqual([])
  })
})
