/** The phone's own rules: codes, inputs, records, and what the dictionary says. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { day } from '../src/rules/china'
import * as codes from '../src/rules/codes'
import { interval, judged, lawfulFrom, plus, timed, waits, type SubstanceRule } from '../src/rules/inputs'
import { area } from '../src/rules/land'
import { missing, remarked, type Draft } from '../src/rules/records'
import { waitingUses } from '../src/rules/waiting'
import type { Item } from '../src/outbox/rules'
import { check } from '../src/words/check'
import { dictionary } from '../src/words/dictionary'
import { crops, recordKinds } from '../src/vocab'
import { literals } from './literals'

const crop = (code: string) => crops.find((one) => one.code === code)

const CODE = 'F4CPPYE7FXFA'

describe('a code', () => {
  it.each([
    `https://t.example.cn/t/${CODE}`, `http://127.0.0.1:8000/t/${CODE}?lang=en`, CODE.toLowerCase(), 'F4CP-PYE7-FXFA',
    ` F4CP PYE7 FXFA `, `https://x.cn/app/?q=${encodeURIComponent(`https://x.cn/t/${CODE}`)}`, `https://x.cn/app/?code=${CODE}`,
  ])('is read out of %s', (text) => {
    expect(codes.read(text)).toEqual({ kind: 'trace', code: CODE })
  })

  it('takes O for 0 and I or L for 1', () => {
    expect(codes.read('0OIL11000000')).toEqual({ kind: 'trace', code: '001111000000' })
  })

  it.each(['https://weixin.qq.com/r/abc', '6901234567892', 'hello', 'https://x.cn/?q=%E0%A4%A', '您好😀'.repeat(2000)])('of another system is said to be foreign: %s', (text) => {
    expect(codes.read(text)).toEqual({ kind: 'foreign' })
  })

  it('with a whole proof behind it leads to the check, on any host', () => {
    const digits = '7'.repeat(900)
    expect(codes.read(` https://t.example.cn/verify?lang=en#${digits}`)).toEqual({ kind: 'proof', digits })
    for (const text of [digits, `https://t.example.cn/verify#${CODE}`, `https://t.example.cn/verify#${'7'.repeat(5000)}`]) expect(codes.read(text).kind).not.toBe('proof')
  })

  it('never throws, whatever was scanned', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => ['trace', 'proof', 'foreign', 'nothing'].includes(codes.read(text).kind)))
  })
})

const RULES: SubstanceRule[] = [
  { substance: '克百威', measure: 'banned_on_crops', crop_classes: ['fruit', 'vegetable'], effective_from: '2002-06-05', announcement: '农业部公告第199号' },
  { substance: '百草枯', measure: 'banned', crop_classes: ['*'], effective_from: '2020-09-26', announcement: '农业农村部公告' },
  { substance: '毒死蜱', measure: 'restricted', crop_classes: ['*'], effective_from: '', announcement: '' },
]

describe('an input on the phone', () => {
  it('is stopped when it is banned for this crop on this day', () => {
    expect(judged({ name: 'x', registration_no: 'PD1', actives: ['克百威'] }, 'fruit', '2026-05-01', RULES).kind).toBe('banned')
    expect(judged({ name: 'x', registration_no: 'PD1', actives: ['克百威'] }, 'grain', '2026-05-01', RULES).kind).toBe('fine')
    expect(judged({ name: 'x', registration_no: 'PD1', actives: ['百草枯'] }, 'grain', '2020-01-01', RULES).kind).toBe('fine')
  })

  it('is stopped by its name alone when nothing else is known of it', () => {
    expect(judged({ name: '20%百草枯水剂' }, 'grain', '2026-05-01', RULES).kind).toBe('banned')
  })

  it('is unknown without a registration number or with one nobody has seen in the catalogue, and fine when only restricted', () => {
    const seen = (some: object) => judged({ name: '自配药', ...some }, 'fruit', '2026-05-01', RULES).kind
    expect([{}, { registration_no: 'PD1' }, { actives: [], labels: [] }].map(seen)).toEqual(['unknown', 'unknown', 'unknown'])
    expect([{ registration_no: 'PD1', labels: [] }, { registration_no: 'PD1', known: true }].map(seen)).toEqual(['fine', 'fine'])
    expect(seen({ registration_no: 'PD1', known: false })).toBe('unknown')
    expect(judged({ name: 'x', registration_no: 'PD1', actives: ['毒死蜱'] }, 'fruit', '2026-05-01', RULES).kind).toBe('fine')
  })

  it('must be known where there is an interval: in a use of pesticide or of a drug, not of manure', () => {
    expect(recordKinds.filter((kind) => timed(kind.input_kinds ?? [])).map((kind) => kind.code)).toEqual(['pesticide', 'treatment', 'vaccination'])
  })

  it('has the longest interval that answers', () => {
    const labels = [{ crop: '苹果', phi_days: 14 }, { crop: '仁果类', phi_days: 21 }, { crop: '番茄', phi_days: 3 }]
    expect(interval({ name: 'x', labels }, crop('apple'))).toBe(21)
    expect(interval({ name: 'x', labels }, crop('sheep'))).toBeUndefined()
    expect(interval({ name: 'x', labels }, undefined)).toBeUndefined()
  })

  it('has that of what the animal gives: meat, eggs or milk, and none where it is never given', () => {
    const labels = [{ crop: '鸡', phi_days: 8, produce: 'meat' }, { crop: '鸡', phi_days: 0, produce: 'egg', forbidden: true }, { crop: '牛', phi_days: 14, produce: 'meat' }]
    expect(['broiler', 'egg', 'yak', 'milk'].map((code) => interval({ name: 'x', labels }, crop(code)))).toEqual([8, undefined, 14, undefined])
  })

  it('has the interval of what it is registered as, in whatever deed', () => {
    const disinfecting = recordKinds.find((kind) => kind.code === 'disinfection')?.input_kinds ?? []
    const spraying = ['pesticide']
    expect([waits({ name: 'x' }, disinfecting), waits({ name: 'x', kind: 'vet_drug' }, disinfecting)]).toEqual([false, true])
    expect([waits({ name: 'x' }, spraying), waits({ name: 'x', kind: 'fertiliser' }, spraying)]).toEqual([true, false])
  })

  it('moves the lawful harvest by what still waits on the phone, never back', () => {
    const day = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }).map((one) => one.toISOString().slice(0, 10))
    fc.assert(fc.property(fc.option(day), fc.array(fc.record({ ended_on: day, days: fc.nat(60) })), (window, waiting) => {
      const from = lawfulFrom(window, waiting)
      for (const one of waiting) expect((from ?? '') >= plus(one.ended_on, one.days)).toBe(true)
      if (window) expect((from ?? '') >= window).toBe(true)
    }))
  })
})

describe('a record', () => {
  const spray = recordKinds.find((kind) => kind.code === 'pesticide')
  const whole: Draft = {
    kind: 'pesticide', happened_on: '2026-05-01', site_ids: ['s'], target: '蚜虫', photos: [],
    inputs: [{ name: '示例', manufacturer: '厂', source: '店', method: 'foliar_spray', amount: '20', unit: 'g_per_mu' }],
  }
  it('takes a sentence behind its note once, however often it is said', () => {
    expect(remarked(undefined, [])).toBeUndefined()
    expect(remarked('地头', ['甲。', '乙。'])).toBe('地头 甲。 乙。')
    expect(remarked('地头 甲。', ['甲。'])).toBe('地头 甲。')
  })
  it('is whole when all that the law asks is there', () => { expect(missing(whole, spray)).toBeUndefined() })
  it('names the first thing that is not', () => {
    expect(missing({ ...whole, target: '' }, spray)).toBe('target')
    expect(missing({ ...whole, inputs: [] }, spray)).toBe('which_input')
    expect(missing({ ...whole, inputs: [{ ...whole.inputs[0]!, source: '' }] }, spray)).toBe('dealer')
  })
  it.each(['-1', '1e9', '二十', '1.2345', '9999999999'])('has no amount like %s', (amount) => {
    expect(missing({ ...whole, inputs: [{ ...whole.inputs[0]!, amount }] }, spray)).toBe('amount')
  })
})

describe('the words', () => {
  const SOURCE = path.resolve(__dirname, '../src')
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.startsWith('words') && !name.includes('schema.d'))

  const all = { ...dictionary, ...check }
  const ASKED = '只在您点了记位置的按钮时用，记下地块、核验或问题发生的地方' // WeChat shows it itself
  const chinese = Object.values(all).map(([zh]) => zh as string)
  /** What the dictionary says: the verdict before the app has the page's title from there (early.test.ts). */
  const said = new Set<string>(dictionary.trace)

  it('are all in the dictionary: no page says a word of its own, Chinese or English', () => {
    const named = (name: string) => name.endsWith('me/index.tsx') ? ['中文', 'English'] : /\.config\.ts$/.test(name) ? [...chinese, ASKED] : [] // a tongue in its own words; a bar before the app is there
    const own = [...files, 'early.js', 'sw.js'].flatMap((name) => literals(name, readFileSync(path.join(SOURCE, name), 'utf8')).filter((one) => !named(name).includes(one) && !said.has(one)).map((one) => `${name}: ${one}`))
    expect(own).toEqual([])
  })

  it.each([
    ['<El>Save</El>', 'Save'], ['<El>{busy ? "Wait" : t("x")}</El>', 'Wait'], ['<El label="Close it" />', 'Close it'], ['<Field placeholder={`Up to ${n} letters`} />', 'Up to   letters'],
    ['<img alt="A photo" />', 'A photo'], ['<b aria-label={"More"} />', 'More'], ['ask({ title: "Sure?" })', 'Sure?'], ['one.textContent = "Trace"', 'Trace'],
    ['one.setAttribute("aria-label", "Trace")', 'Trace'], ['<El>保存</El>', '保存'], ['say("保存")', '保存'], ['`第 ${n} 步`', '第   步'],
  ])('are found where a page says its own: %s', (source, word) => {
    expect(literals('page.tsx', source)).toEqual([word])
  })

  it('are found in what is drawn by hand before the app is there', () => {
    expect(literals('early.js', "const one = line('p', 'lead soft', 'Look here'); two.append('追溯'); on('DOMContentLoaded')")).toEqual(['Look here', '追溯'])
  })

  it.each(['<El cls="card wide" as="p">{t("save")} · {n} ✓</El>', '<El label={t("save")} />', 'go({ url: "/pages/home/index", title: t("x") })', 'one.setAttribute("role", "img")', '// Save\nconst a = /* 保存 */ 1'])('are not taken for words where they are none: %s', (source) => {
    expect(literals('page.tsx', source)).toEqual([])
  })

  it('have a Chinese and an English sentence each, with the same blanks', () => {
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()
    for (const [key, [zh, en]] of Object.entries(all)) {
      expect(zh, key).toMatch(/\p{Script=Han}/u)
      expect(en, key).not.toMatch(/\p{Script=Han}/u)
      expect(blanks(en), key).toEqual(blanks(zh))
    }
  })

  it('have one place each: no page’s words replace another’s', async () => {
    const folder = path.join(SOURCE, 'words')
    const pages = readdirSync(folder).filter((name) => !/^(index|dictionary)\.ts$/.test(name))
    const parts = await Promise.all(pages.map(async (name) => Object.values(await import(path.join(folder, name)) as Record<string, object>)))
    const keys = parts.flat().flatMap((part) => Object.keys(part))
    expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([])
    expect(keys.sort()).toEqual(Object.keys(all).sort())
  })

  it('are all said somewhere', () => {
    const texts = files.map((name) => readFileSync(path.join(SOURCE, name), 'utf8')).join('\n')
    const dynamic = /^(v_|s_|k_|f_|m_|g_|t_|how_|privacy_|size_|stars_|due_|ask_|stands_|chip_|lack_)/
    expect(Object.keys(all).filter((key) => !dynamic.test(key) && !texts.includes(`'${key}'`))).toEqual([])
  })
})

describe('the network', () => {
  it('is called by the request layer alone', () => {
    const SOURCE = path.resolve(__dirname, '../src')
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/^(api|storage)|platform|schema\.d/.test(name))
    const callers = files.filter((name) => /Taro\.(request|uploadFile|downloadFile)|\bfetch\(/.test(readFileSync(path.join(SOURCE, name), 'utf8')))
    expect(callers).toEqual([])
  })

  it('is asked only for paths of the contract', () => {
    const SOURCE = path.resolve(__dirname, '../src')
    const contract = JSON.parse(readFileSync(path.resolve(__dirname, '../../schemas/openapi.json'), 'utf8')) as { paths: Record<string, unknown> }
    const known = Object.keys(contract.paths).map((one) => new RegExp(`^${one.replace(/\{[^}]+\}/g, '[^/]+')}$`))
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.includes('schema.d'))
    const asked = files.flatMap((name) => readFileSync(path.join(SOURCE, name), 'utf8').match(/\/api\/v1\/[^'`\s]+/g) ?? [])
    expect(asked.length).toBeGreaterThan(8)
    for (const one of asked) expect(known.some((pattern) => pattern.test(one.replace(/\$\{[^}]+\}/g, 'x'))), one).toBe(true)
  })
})

describe('uses the window does not hold yet', () => {
  const use = { name: 'x', registration_no: 'PD1' }
  const item = (state: Item['state'], deliveredAt?: number): Item => ({
    id: 'a', owner: 'o', order: 1, kind: 'record', producer: 'p', needs: [], title: '', state, attempts: 0, notBefore: 0, writtenAt: 0, deliveredAt,
    body: { batch_id: 'b', happened_on: '2026-05-01', inputs: [use] }, labels: { PD1: [{ crop: '苹果', phi_days: 14 }] },
  })
  const batch = { id: 'b', crop: 'apple' }
  it('count until a window read after their arrival is known', () => {
    expect(waitingUses([item('waiting')], batch, 100)).toEqual([{ ended_on: '2026-05-01', days: 14, unknown: false }])
    expect(waitingUses([item('delivered', 150)], batch, 100)).toHaveLength(1)
    expect(waitingUses([item('delivered', 50)], batch, 100)).toEqual([])
    expect(waitingUses([item('waiting')], { id: 'other', crop: 'apple' }, 100)).toEqual([])
  })
  it('close it when nobody knows what was used, where that matters', () => {
    const homemade = (kind: string) => ({ ...item('waiting'), body: { ...item('waiting').body, kind, inputs: [{ name: '自配' }] } })
    expect(['pesticide', 'fertilising'].map((kind) => waitingUses([homemade(kind)], batch, 100)[0]?.unknown)).toEqual([true, false])
  })
  it('close it when the number on the pack tells the phone nothing, or its label names another crop', () => {
    const sprayed = (labels?: Item['labels']) => [{ ...item('waiting'), body: { ...item('waiting').body, kind: 'pesticide' }, labels }]
    const unknown = { ended_on: '2026-05-01', days: undefined, unknown: true }
    expect(waitingUses(sprayed(undefined), batch, 100)).toEqual([unknown])
    expect(waitingUses(sprayed({ PD1: [{ crop: '番茄', phi_days: 3 }] }), batch, 100)).toEqual([unknown])
    expect(waitingUses(sprayed({ PD1: [{ crop: '苹果', phi_days: 3 }] }), batch, 100)).toEqual([{ ...unknown, days: 3, unknown: false }])
  })
})

describe('an area', () => {
  it('of several plots is as exact as each', () => {
    expect(area([{ area_mu: '1.1' }, { area_mu: '2.2' }])).toBe(3.3)
    expect(area([{ area_mu: '0.1' }, { area_mu: '0.2' }, { area_mu: '666.0001' }])).toBe(666.3001)
    expect(area([])).toBe(0)
  })
})

describe('a day', () => {
  it('is China’s wherever it is shown: nobody cuts it out of an instant in UTC', () => {
    expect(day(Date.parse('2026-10-08T17:30:00Z'))).toBe('2026-10-09')
    const SOURCE = path.resolve(__dirname, '../src')
    const own = ['rules/china.ts', 'rules/inputs.ts'] // the one place; and civil days that are counted on
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !own.includes(name))
    expect(files.filter((name) => /toISOString\(\)\s*\.(slice|substr|split)|getDate\(\)|toLocale(Date|Time)?String/.test(readFileSync(path.join(SOURCE, name), 'utf8')))).toEqual([])
  })
})
