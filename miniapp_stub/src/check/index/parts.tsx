/** What both kinds of outcome are made of: the headline, rows of facts, the place in the register. */
import type { Placed } from '@/rules/proof/check'
import type { Head } from '@/rules/proof/notes'
import type { Grave } from '@/rules/proof/verdict'
import { minute } from '@/rules/china'
import { El } from '@/ui/base'
import { useBook } from '@/words'
import { check } from '@/words/check'
import { Tree } from './tree'

export type Word = keyof typeof check extends infer Name ? Name extends `v_${infer Said}_why` ? Said : never : never
const LOOKS = { good: ['valid', '✓'], unsure: ['held', '?'], bad: ['void', '✕'] } as const

export function Banner({ word, grave, values = {} }: { word: Word; grave: Grave; values?: Record<string, string> }) {
  const s = useBook(check)
  const [cls, sign] = LOOKS[grave]
  return (
    <El as="section" cls={`verdict ${cls}`} live>
      <El as="h2"><El as="span" cls="sign" hidden>{sign}</El><El as="span" cls="grow">{s(`v_${word}`, values)}</El></El>
      <El as="p">{s(`v_${word}_why`, values)}</El>
    </El>
  )
}

/** `lang` where the value is in Chinese whatever the page speaks. */
export interface Row { name: string; value: string; lang?: string }

export function Rows({ rows }: { rows: readonly Row[] }) {
  return <El as="dl" cls="facts">{rows.map((one) => <El key={one.name} cls="fact"><El as="dt">{one.name}</El><El as="dd" lang={one.lang}>{one.value}</El></El>)}</El>
}

const SOUND = ['good', 'not_linked', 'no_keys']

export function Register({ place }: { place?: Placed }) {
  const s = useBook(check)
  const { verdict = 'none', steps, head } = place ?? {}
  const doubtful = place && !SOUND.includes(verdict)
  return (
    <El as="section" cls="card" label={s('check_register')}>
      <El as="h2">{s('check_register')}</El>
      <El as="p" cls={doubtful ? 'wrong' : verdict === 'good' ? 'good' : 'soft'}>{s(`v_place_${verdict}`, { index: (place?.index ?? 0) + 1, size: place?.size ?? 0 })}</El>
      {place?.migrated && !doubtful && <El as="p" cls="strip">{s('check_migrated')}</El>}
      {steps && !doubtful && <Tree steps={steps} />}
      {head && !doubtful && <Signed head={head} good={verdict === 'good'} />}
    </El>
  )
}

/** The head's time is a bound for the record only where the record was seen to lie under it. */
function Signed({ head, good }: { head: Head; good: boolean }) {
  const s = useBook(check)
  return (
    <>
      <Rows rows={[
        ...(!good || head.at === undefined ? [] : [{ name: s('check_by'), value: s('check_by_head', { at: minute(head.at) }) }]),
        { name: s('check_head'), value: `${head.origin} · ${head.size}` },
        { name: s('check_head_key'), value: head.key?.kid ?? '—' },
      ]} />
      <El as="h3">{s('check_seen')}</El>
      {head.witnesses.length === 0 && <El as="p" cls="soft">{s('check_seen_none')}</El>}
      {head.witnesses.map((one) => <El as="p" key={one.name}>✓ <El as="span" lang="zh-CN">{one.label}</El> {minute(one.at)}</El>)}
    </>
  )
}
