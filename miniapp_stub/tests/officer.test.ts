/** An officer's day, the gate before anything private, text sizes, and forgetting: the pure parts, and WeChat's half of the gate. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Outbox } from '../src/outbox/outbox'
import type { Item } from '../src/outbox/rules'
import { Gate } from '../src/rules/consent'
import { asks, byUrgency, lacking, placeName, toVisit, urgency, waitingSteps } from '../src/rules/desk'
import { isOfficer, regionsOf, type Session } from '../src/state/session'
import { factor, SCALES } from '../src/state/settings'
import { complaintSteps } from '../src/vocab'

const wx = vi.hoisted(() => ({
  needs: true, listener: undefined as undefined | ((resolve: (said: object) => void) => void), asked: [] as string[], size: 16, login: true, fails: '', goes: false, phone: 'authorized', opened: [] as string[], said: '',
}))
vi.mock('@tarojs/taro', () => {
  const asked = (name: string, answer: object) => () => {
    wx.asked.push(name)
    return wx.fails ? Promise.reject({ errMsg: `${name}:fail ${wx.fails}` }) : Promise.resolve(answer)
  }
  return { default: {
    canIUse: () => true,
    getPrivacySetting: ({ success }: { success: (said: object) => void }) => success({ needAuthorization: wx.needs }),
    onNeedPrivacyAuthorization: (listener: typeof wx.listener) => { wx.listener = listener },
    chooseMedia: asked('chooseMedia', { tempFiles: [{ tempFilePath: 'a.jpg' }] }),
    scanCode: asked('scanCode', { result: 'F4CPPYE7FXFA' }),
    getLocation: asked('getLocation', { longitude: 102.64, latitude: 37.93, accuracy: 12 }),
    login: () => (wx.login ? Promise.resolve({ code: 'zhang-1' }) : Promise.reject(new Error('no'))),
    showModal: ({ content, confirmText }: { content: string; confirmText: string }) => { wx.said = `${content}${confirmText}`; return Promise.resolve({ confirm: wx.goes }) },
    getAppAuthorizeSetting: () => ({ cameraAuthorized: wx.phone, locationAuthorized: 'authorized' }),
    openSetting: async () => { wx.opened.push('openSetting') },
    openAppAuthorizeSetting: async () => { wx.opened.push('openAppAuthorizeSetting') },
    getAppBaseInfo: () => ({ fontSizeSetting: wx.size }),
  } }
})

const DAY = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }).map((one) => one.toISOString().slice(0, 10))

describe('the queue', () => {
  it('has what is overdue before what is nearly due, and that before the rest, whatever the day it is read', () => {
    const cases = fc.array(fc.record({ due_on: fc.option(DAY), nearly: fc.boolean() }), { maxLength: 20 })
    fc.assert(fc.property(cases, DAY, (some, today) => {
      const sorted = byUrgency(some, today)
      expect(sorted).toHaveLength(some.length)
      const order = sorted.map((one) => ['overdue', 'nearly', 'calm', 'stopped'].indexOf(urgency(one, today)))
      expect(order).toEqual([...order].sort((a, b) => a - b))
      for (const one of sorted) expect(urgency(one, today) === 'overdue').toBe(one.due_on !== null && one.due_on < today)
    }))
  })

  it('is right the next morning without signal', () => {
    const one = { due_on: '2026-11-24', nearly: false }
    expect(['2026-11-23', '2026-11-24', '2026-11-25'].map((day) => urgency(one, day))).toEqual(['calm', 'nearly', 'overdue'])
  })

  it('sends the officer first to who is not admitted yet', () => {
    expect(toVisit([{ status: 'active' }, { status: 'suspended' }, { status: 'registered' }])[0]).toEqual({ status: 'registered' })
  })

  it('names the smallest place that is known', () => {
    const places = [{ code: '620602', name: '凉州区' }, { code: '620602100', name: '黄羊镇' }, { code: '620600', name: '武威市' }]
    expect(placeName('620602100201', places)).toBe('黄羊镇')
    expect(placeName('620602', places)).toBe('凉州区')
    expect(placeName('620623100', places)).toBe('武威市')
    expect(placeName('630101', places)).toBe('630101')
  })
})

describe('a step', () => {
  it('is not sent without what it asks for', () => {
    expect(lacking({ action: 'close', text: '查了', internal: false })).toBe('outcome')
    expect(lacking({ action: 'close', text: ' ', internal: false, outcome: 'handled' })).toBe('text')
    expect(lacking({ action: 'investigate', text: '', internal: false })).toBeUndefined()
    for (const known of complaintSteps) expect(asks(known.code).every((name) => ['text', 'outcome', 'body', 'region'].includes(name))).toBe(true)
  })

  it('waits for the steps of its own case alone, in the order they were taken', () => {
    const item = (id: string, path: string, state: Item['state'] = 'waiting') => ({ id, kind: 'complaint_step', path, state }) as Item
    const list = [item('c', '/api/v1/complaints/A/actions'), item('b', '/api/v1/complaints/B/actions'), item('a', '/api/v1/complaints/A/actions'), item('d', '/api/v1/complaints/A/actions', 'delivered')]
    expect(waitingSteps(list, 'A').map((one) => one.id)).toEqual(['a', 'c'])
  })
})

describe('who is logged in', () => {
  const grant = (region: string | null, permissions: string[]) => ({ role: 'x', role_zh: '', region, producer_id: region ? null : 'p', permissions })
  const known = (...grants: Session['grants'] & object) => ({ grants } as unknown as Session)
  it('is an officer by a region, never by a farm', () => {
    expect(isOfficer(known(grant('620602100', ['producer:read'])))).toBe(true)
    expect(isOfficer(known(grant(null, ['producer:read'])))).toBe(false)
    expect(isOfficer(known(grant('620000', ['article:write'])))).toBe(false)
    expect([isOfficer(null), isOfficer({} as Session)]).toEqual([false, false])
    expect(regionsOf(known(grant('6206', ['a']), grant('6206', ['a']), grant('6207', ['b'])), 'a')).toEqual(['6206'])
  })
})

describe('the text', () => {
  it('is 18 px at least and 30 px at the largest of the three sizes', () => {
    expect(18 * factor({ care: false, scale: 1, lang: 'zh' })).toBe(18)
    expect(18 * factor({ care: false, scale: Math.max(...SCALES), lang: 'zh' })).toBeGreaterThanOrEqual(30)
  })

  it('follows the phone’s own size, is never smaller than usual and stops at twice', () => {
    fc.assert(fc.property(fc.boolean(), fc.constantFrom(...SCALES), fc.double({ min: 0.5, max: 4, noNaN: true }), (care, scale, system) => {
      const size = factor({ care, scale, lang: 'zh' }, system)
      expect(size).toBeGreaterThanOrEqual(1)
      expect(size).toBeLessThanOrEqual(2)
      if (system >= 1) expect(size).toBeGreaterThanOrEqual(Math.min(factor({ care, scale, lang: 'zh' }), 2))
    }))
  })
})

describe('the gate', () => {
  it('asks nobody who agreed before, and gives all who wait the one answer', async () => {
    expect(await new Gate(async () => false).pass()).toBe(true)
    const gate = new Gate(async () => true)
    const both = [gate.pass(), gate.pass()]
    await vi.waitFor(() => expect(gate.isAsking()).toBe(true))
    gate.answer(false)
    expect(await Promise.all(both)).toEqual([false, false])
    expect(gate.isAsking()).toBe(false)
  })

  it('is shut when it cannot be told whether the person agreed', async () => {
    const gate = new Gate(async () => { throw new Error('no answer') })
    const waiting = gate.pass()
    await vi.waitFor(() => expect(gate.isAsking()).toBe(true))
    gate.answer(true)
    expect(await waiting).toBe(true)
  })
})

describe('WeChat', () => {
  beforeEach(() => Object.assign(wx, { needs: true, asked: [], size: 16, login: true, fails: '', goes: false, phone: 'authorized', opened: [], said: '' }))

  it('is asked for camera, scanner and position only after consent', async () => {
    const { choosePhotos, gate, position, scan } = await import('../src/ui/platform.weapp')
    const refused = Promise.all([choosePhotos(9), scan(), position()])
    await vi.waitFor(() => expect(gate.isAsking()).toBe(true))
    expect(wx.asked).toEqual([])
    gate.answer(false)
    expect(await refused).toEqual([[], undefined, { kind: 'denied' }])
    expect(wx.asked).toEqual([])
    wx.needs = false
    expect(await Promise.all([choosePhotos(9), scan(), position()])).toEqual([['a.jpg'], { text: 'F4CPPYE7FXFA', foreign: false }, { kind: 'here', lon: 102.64, lat: 37.93, accuracy_m: 12 }])
    expect(wx.asked.sort()).toEqual(['chooseMedia', 'getLocation', 'scanCode'])
  })

  it('opens the same notice for what it finds private itself, and hears the answer', async () => {
    const { AGREE, gate, prepare } = await import('../src/ui/platform.weapp')
    prepare()
    const heard: object[] = []
    for (const agreed of [true, false]) {
      wx.listener?.((said) => heard.push(said))
      gate.answer(agreed)
      await vi.waitFor(() => expect(gate.isAsking()).toBe(false))
    }
    await vi.waitFor(() => expect(heard).toEqual([{ event: 'agree', buttonId: AGREE }, { event: 'disagree' }]))
  })

  it('may deny the position, or not know it', async () => {
    const { position } = await import('../src/ui/platform.weapp')
    wx.needs = false
    wx.fails = 'auth deny'
    expect(await position()).toEqual({ kind: 'denied' })
    wx.fails = 'timeout'
    expect(await position()).toEqual({ kind: 'unknown' })
  })

  it('may deny the camera: that is told with the way to the settings and the other way, and what was called off is not', async () => {
    const { choosePhotos, readPack, scan } = await import('../src/ui/platform.weapp')
    wx.needs = false
    wx.fails = 'cancel'
    expect([await scan(), await readPack(), await choosePhotos(9), wx.said]).toEqual([undefined, undefined, [], ''])
    wx.fails = 'auth deny'
    for (const act of [scan, readPack, () => choosePhotos(9)]) {
      wx.said = ''
      await act()
      expect(wx.said).toMatch(/12 位追溯码.*都可以直接输入.*去设置$/)
    }
    expect(wx.opened).toEqual([])
    wx.goes = true
    await scan()
    wx.phone = 'denied'
    await scan()
    expect(wx.opened).toEqual(['openSetting', 'openAppAuthorizeSetting'])
  })

  it('gives a login code or none, and the size the person chose there', async () => {
    const { loginCode, systemScale } = await import('../src/ui/platform.weapp')
    expect(await loginCode()).toBe('zhang-1')
    wx.login = false
    expect(await loginCode()).toBeUndefined()
    wx.size = 24
    expect(systemScale()).toBe(1.5)
  })
})

describe('forgetting an account', () => {
  it('takes its items and leaves the other’s, and waits for what is on its way', async () => {
    const kept = new Map<string, Item>()
    const keep = {
      all: async () => [...kept.values()],
      put: async (items: readonly Item[]) => items.forEach((item) => kept.set(item.id, item)),
      remove: async (ids: readonly string[]) => ids.forEach((id) => kept.delete(id)),
    }
    let answer = () => {}
    const arrived = new Promise<void>((resolve) => { answer = resolve })
    const outbox = await Outbox.open(keep, async (items) => { await arrived; return new Map(items.map((item) => [item.id, { outcome: 'created' as const }])) }, () => 1)
    const draft = (id: string) => ({ id, kind: 'visit' as const, producer: 'p', needs: [], body: {}, title: id, path: '/x' })
    await outbox.add('me', [draft('a')])
    await outbox.add('you', [draft('b')])
    const flushing = outbox.flush('me')
    const forgetting = outbox.forgetAll((item) => item.owner === 'me')
    answer()
    await Promise.all([flushing, forgetting])
    expect([...kept.keys()]).toEqual(['b'])
    expect(outbox.list().map((item) => item.id)).toEqual(['b'])
  })
})
