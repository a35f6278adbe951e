/** What is to be said of a certificate's signature: the verdict, what it certifies, its whole text, its place, and how it was checked. */
import Taro from '@tarojs/taro'
import { day, minute } from '@/rules/china'
import type { Checked } from '@/rules/proof/check'
import { verdictOf } from '@/rules/proof/verdict'
import { keptLists } from '@/services/check'
import { now } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El, Fold } from '@/ui/base'
import { Paper as Card } from '@/ui/paper'
import { useBook } from '@/words'
import { check } from '@/words/check'
import { aged, type Say } from './age'
import { Banner, Register, Rows, type Row } from './parts'

const FALSE = ['altered', 'wrong_purpose', 'other_code'] // nothing it says is shown as anybody's word

export function Paper({ one }: { one: Checked }) {
  const s = useBook(check)
  const { keys } = useStore(keptLists)
  const { word, grave } = verdictOf(one)
  const shown = !FALSE.includes(one.verdict)
  return (
    <>
      <Banner word={word} grave={grave} values={values(one, keys?.as_of, s)} />
      {shown && <Claims one={one} good={one.verdict === 'good'} />}
      {(shown || one.fits === false) && <Whole one={one} />}
      {shown && (one.place || one.paper) && <Register place={one.place} />}
      <How one={one} asOf={keys?.as_of} />
    </>
  )
}

/** A time of today is an hour and a minute; any other has its day. */
function clock(at: number): string {
  return day(at) === day(now()) ? minute(at).slice(11) : minute(at)
}

function values({ claims, key, kid, list }: Checked, keysAsOf: string | undefined, s: Say): Record<string, string> {
  return {
    kid,
    alg: key?.alg ?? '',
    until: minute(claims.exp * 1000),
    issued: clock(claims.iat * 1000),
    keys: keysAsOf ? minute(keysAsOf) : '—',
    revoked: key?.revoked_at ? minute(key.revoked_at) : '—',
    reason: key?.revoked_reason ? why(key.revoked_reason, s) : '—',
    ...(list ? { at: clock(list.asOf), age: aged(now() - list.asOf, s), rate: list.rate < 1e-6 ? s('check_rare') : s('check_rate', { count: Math.round(1 / list.rate) }) } : {}),
  }
}

const REASONS = ['compromised', 'lost', 'mistake'] as const
const STATES = ['current', 'retired', 'revoked'] as const

function why(reason: string, s: Say): string {
  const known = REASONS.find((one) => one === reason)
  return known ? s(`v_why_${known}`) : reason
}

function Claims({ one: { claims, listing }, good }: { one: Checked; good: boolean }) {
  const s = useBook(check)
  const rows: Row[] = [
    { name: s('check_who'), value: claims.sub, lang: 'zh-CN' },
    { name: s('check_what'), value: claims.what, lang: 'zh-CN' },
    { name: s('check_much'), value: claims.much, lang: 'zh-CN' },
    { name: s('check_when'), value: minute(claims.iat * 1000) },
    { name: s('check_until'), value: minute(claims.exp * 1000) },
    { name: s('check_code'), value: claims.jti.replace(/(.{4})(?=.)/g, '$1-') },
  ]
  return (
    <El as="section" cls="card">
      <El as="h2">{s(good ? 'check_claims' : 'check_claims_open')}</El>
      <Rows rows={rows} />
      {good && <El as="p" cls="soft">{s('check_compare')}</El>}
      {good && <El as="p" cls="soft">{s('check_not_proven')}</El>}
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/pages/trace/index?code=${encodeURIComponent(claims.jti)}` })}>{s(good && listing !== 'listed' ? 'check_trace' : 'check_ask')}</Button>
    </El>
  )
}

function Whole({ one: { fits, paper, claims } }: { one: Checked }) {
  const s = useBook(check)
  return (
    <El as="section" cls="card">
      <El as="h2">{s('check_whole')}</El>
      <El as="p" cls={fits === undefined ? 'soft' : fits ? 'good' : 'wrong'}>{s(fits === undefined ? 'check_absent' : fits ? 'check_fits' : 'check_differs')}</El>
      {paper && <Fold summary={s('check_read')}><Card card={paper} number={claims.jti} /></Fold>}
    </El>
  )
}

function How({ one: { key, kid, list }, asOf }: { one: Checked; asOf?: string }) {
  const s = useBook(check)
  const state = STATES.find((known) => known === key?.state)
  const old = (at: number) => ({ at: minute(at), age: aged(now() - at, s) })
  const rows: Row[] = [
    { name: s('check_key'), value: key ? `${key.kid} · ${key.alg}` : kid },
    { name: s('check_key_state'), value: state ? s(`v_key_${state}`) : '—' },
    { name: s('check_key_list'), value: asOf ? s('check_of', old(Date.parse(asOf))) : s('check_none') },
    { name: s('check_revoked_list'), value: list ? s('check_counted', { ...old(list.asOf), count: list.count }) : s('check_none') },
  ]
  return <El as="section" cls="card"><Fold summary={s('check_how')}><Rows rows={rows} /></Fold></El>
}
