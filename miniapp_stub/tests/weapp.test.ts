/** WeChat's half of what the browser's tests cannot see: slow lines, labels scanned one after another, and what is left in its user folder. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { session } from '../src/state/session'
import { leave } from '../src/services/login'
import { theOutbox } from '../src/services/outbox'
import { clearPhone, endAccount } from '../src/services/personal'
import { start } from '../src/services/start'
import { keepFile } from '../src/storage/port.weapp'
import { Shown } from './pages'

const wx = vi.hoisted(() => ({
  params: {} as Record<string, string>, launch: {} as Record<string, string>, shows: [] as (() => void)[], went: [] as string[], asked: [] as { timeout?: number }[],
  files: new Map<string, string>(), folders: new Set<string>(), kept: new Map<string, unknown>(), stuck: false,
}))
vi.mock('@tarojs/taro', async () => {
  const { useEffect } = await import('react')
  type Told = { success?: (said?: object) => void; fail?: (wrong: object) => void; complete?: () => void }
  const there = (path: string) => wx.files.has(path) || wx.folders.has(path)
  const put = (path: string, text: string) => {
    const folder = path.slice(0, path.lastIndexOf('/'))
    if (folder !== 'wxfile://usr' && !wx.folders.has(folder)) throw { errMsg: 'open:fail no such file or directory' }
    wx.files.set(path, text)
  }
  const manager = {
    writeFileSync: put,
    copyFileSync: (from: string, to: string) => put(to, from),
    readFileSync: (path: string) => wx.files.get(path),
    readFile: ({ success }: Told) => success?.({ data: new ArrayBuffer(1) }),
    mkdirSync: (path: string) => { if (there(path)) throw { errMsg: 'mkdir:fail file already exists' }; wx.folders.add(path) },
    access: ({ path, success, fail }: Told & { path: string }) => (there(path) ? success?.() : fail?.({ errMsg: 'access:fail no such file or directory' })),
    accessSync: (path: string) => { if (!there(path)) throw { errMsg: 'access:fail no such file or directory' } },
    unlink: ({ filePath, complete, success }: Told & { filePath: string }) => { wx.files.delete(filePath); success?.(); complete?.() },
    readdir: ({ dirPath, success }: { dirPath: string; success: (found: { files: string[] }) => void }) => success({ files: [...wx.files.keys(), ...wx.folders].filter((path) => path.slice(0, path.lastIndexOf('/') + 1) === dirPath).map((path) => path.slice(dirPath.length)) }),
    rmdir: ({ dirPath, success, fail }: Told & { dirPath: string }) => {
      if (wx.stuck || !wx.folders.delete(dirPath)) return fail?.({ errMsg: 'rmdir:fail' })
      for (const path of wx.files.keys()) if (path.startsWith(`${dirPath}/`)) wx.files.delete(path)
      success?.()
    },
  }
  const asked = async (what: { timeout?: number }) => { wx.asked.push(what); return { statusCode: 200, data: '{}' } }
  return {
    useRouter: () => ({ params: wx.params }), useDidShow: (show: () => void) => useEffect(() => { show(); wx.shows.push(show) }, []),
    default: {
      env: { USER_DATA_PATH: 'wxfile://usr' }, getFileSystemManager: () => manager, canIUse: () => true,
      uploadFile: asked, request: asked,
      downloadFile: async ({ filePath }: { filePath: string }) => { put(filePath, 'bytes'); return { statusCode: 200 } },
      shareFileMessage: async () => undefined, reLaunch: async () => undefined,
      getLaunchOptionsSync: () => ({ query: wx.launch }), getEnterOptionsSync: () => ({ query: wx.params }),
      navigateTo: async ({ url }: { url: string }) => { wx.went.push(url) },
      setNavigationBarTitle: async () => undefined, getNetworkType: async () => ({ networkType: 'wifi' }), onNetworkStatusChange: () => undefined,
      offNetworkStatusChange: () => undefined, getAppBaseInfo: () => ({}), getPrivacySetting: () => undefined,
    },
  }
})
vi.mock('@/storage/port', async () => ({
  ...await import('../src/storage/port.weapp'),
  read: async (name: string) => wx.kept.get(name),
  readAll: async (prefix: string) => [...wx.kept].filter(([name]) => name.startsWith(prefix)).map(([, value]) => value),
  write: async (entries: [string, unknown][]) => entries.forEach(([name, value]) => wx.kept.set(name, value)),
  erase: async (names: string[]) => names.forEach((name) => wx.kept.delete(name)),
  keys: async () => [...wx.kept.keys()],
}))
vi.mock('@/storage/given', () => import('../src/storage/given.weapp'))
vi.mock('@/ui/platform', () => import('../src/ui/platform.weapp'))
vi.mock('@/ui/consent', () => ({ Consent: () => null }))
vi.mock('../src/api/early', () => ({ early: () => undefined }))
vi.mock('../src/api/download', () => import('../src/api/download.weapp'))

beforeEach(async () => {
  await start()
  await theOutbox().forgetAll(() => true)
  Object.assign(wx, { params: {}, launch: {}, shows: [], went: [], asked: [], stuck: false })
  for (const kept of [wx.files, wx.folders, wx.kept]) kept.clear()
})

describe('a photo', () => {
  it('has as long to arrive as in the browser', async () => {
    const { submit, upload } = await import('../src/api/upload.weapp')
    await upload('/x', 'file', 'id', {}, {})
    await submit('/x', {}, 'photos', ['a.jpg'], {})
    expect(wx.asked.map(({ timeout }) => timeout)).toEqual([180_000, 180_000])
  })
})

describe('a label that WeChat’s own scanner read', () => {
  let page: Shown | undefined
  const CODES = ['F4CPPYE7FXFA', 'F4CPPYE7FXFA', 'AAAAAAAAAAAA']
  afterEach(() => page?.close())

  /** WeChat closes all pages and opens home with what was read. */
  const scanned = async (params: Record<string, string>) => {
    await page?.close()
    Object.assign(wx, { params, shows: [] })
    page = await Shown.open((await import('../src/pages/home/index')).default)
  }

  it('opens each time, the second as the first, and not again when one comes back', async () => {
    wx.launch = { q: encodeURIComponent('https://a.example/t/F4CPPYE7FXFA') } // what the app was started with stays what it was
    for (const [place, code] of CODES.entries()) {
      await scanned({ q: encodeURIComponent(`https://a.example/t/${code}`) })
      expect(wx.went).toHaveLength(place + 1)
      await page?.settle(() => wx.shows.forEach((show) => show()))
    }
    expect(wx.went.map((url) => url.split('code=')[1])).toEqual(CODES)
    await scanned({})
    expect(wx.went).toHaveLength(3)
  })
})

describe('the user folder', () => {
  const left = () => [...wx.files.keys()].map((path) => path.split('/').pop())
  const WAITS = 'waiting-photo'

  /** A copy of one's own data, a PDF, the book, a photo that waits to be sent, and a picture of an article. */
  const filled = async () => {
    await session.set({ accountId: 'a', name: '', accessToken: '', refreshToken: '', producers: [] })
    const { saveText } = await import('../src/ui/platform.weapp')
    const { download } = await import('../src/api/download.weapp')
    const { keepPictures } = await import('../src/services/pictures')
    saveText('longtrace-my-data-2026-11-20.json', '{}')
    await download('/api/v1/certificates/c/certificate.pdf', 'certificate.pdf', {})
    await download('/api/v1/lots/ledger.xlsx', 'ledger.xlsx', {})
    expect(left()).toEqual(['longtrace-my-data-2026-11-20.json', 'certificate.pdf', 'ledger.xlsx'])
    await theOutbox().add('a', [{ id: WAITS, kind: 'photo', producer: 'P', needs: ['r0'], body: {}, title: '照片', file: WAITS }, { id: 'r0', kind: 'record', producer: 'P', needs: [], body: {}, title: '浇水' }])
    await keepFile(WAITS, 'chosen.jpg')
    wx.kept.set('article:washing', { article: { pictures: [{ small: '/p/washing.jpg' }] }, at: 1 })
    wx.kept.set('read_lately', [{ slug: 'washing' }])
    await keepPictures(['/p/washing.jpg'], async () => true)
    expect(left().slice(3)).toEqual([WAITS, 'drawn-washing.jpg']) // and not fetched beside it
  }

  it('is empty when the phone is cleared', async () => {
    await filled()
    await clearPhone()
    expect(left()).toEqual([])
  })

  it.each([
    ['one logs out', leave, [WAITS, 'drawn-washing.jpg']],
    ['the login runs out', () => session.set(null), [WAITS, 'drawn-washing.jpg']],
    ['the account ends', endAccount, ['drawn-washing.jpg']],
  ])('keeps nothing of what was handed out when %s; what was not sent is kept for its writer', async (_when, go, kept) => {
    await filled()
    await go()
    await vi.waitFor(() => expect(left()).toEqual(kept))
  })

  it('is not told to be empty when it is not', async () => {
    await filled()
    wx.stuck = true
    await expect(leave()).rejects.toMatchObject({ errMsg: 'rmdir:fail' })
    wx.stuck = false
    await leave()
    await leave()
    expect(left()).toEqual([WAITS, 'drawn-washing.jpg'])
  })
})
