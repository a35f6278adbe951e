/** What there is to read: searched in Chinese, by kind; without signal what was read before. */
import { useEffect, useState } from 'react'
import Taro from '@tarojs/taro'
import { brief, find, readLately, type Brief, type Shelf } from '@/services/reading'
import { newest } from '@/state/newest'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { Drawn } from '@/ui/drawn'
import { Page } from '@/ui/page'
import { started } from '@/ui/started'
import { label } from '@/vocab'
import { articleKinds, rumourVerdicts } from '@/vocab_reading'
import { useWords } from '@/words'
import './index.css'

type State = 'asking' | 'there' | 'lost'

function Shelves() {
  const t = useWords()
  const { lang } = useStore(settings)
  const lately = useStore(readLately)
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState({ q: '', kind: '' })
  const [shelf, setShelf] = useState<Shelf>({ items: [] })
  const [state, setState] = useState<State>('asking')
  const [answered] = useState(newest)
  const ask = (cursor?: string) => answered(find({ ...asked, cursor }).catch(() => undefined), (found) => {
    if (!found) return setState('lost')
    setShelf((old) => (cursor ? { ...found, items: [...old.items, ...found.items] } : found))
    setState('there')
  })
  useEffect(() => {
    setState('asking')
    void readLately.load().catch(() => undefined)
    void ask()
  }, [asked])
  const next = shelf.next_cursor
  return (
    <Page title={t('read')}>
      <El as="section" cls="card">
        <El as="p" cls="lead">{t('w_lead')}</El>
        {lang === 'en' && <El as="p" cls="soft">{t('w_chinese')}</El>}
        <Field label={t('w_find')} value={typed} onChange={setTyped} max={100} hint={t('w_find_hint')} />
        <Button onTap={() => setAsked({ ...asked, q: typed.trim() })}>{t('w_search')}</Button>
        <El cls="choices" as="nav" label={t('w_kinds')}>
          {[{ code: '', zh: t('w_all'), en: t('w_all') }, ...articleKinds].map((one) => (
            <Button key={one.code} cls="choice" pressed={asked.kind === one.code} onTap={() => setAsked({ ...asked, kind: one.code })}>{one[lang]}</Button>
          ))}
        </El>
      </El>
      {state === 'asking' && <El as="p" cls="lead" live>{t('loading')}</El>}
      {state === 'there' && asked.q && shelf.items.length > 0 && <El as="p" live>{t('w_found', { count: shelf.items.length })}</El>}
      {state === 'there' && shelf.items.map((one) => <Entry key={one.slug} one={brief(one)} />)}
      {state === 'there' && shelf.items.length === 0 && (
        <El as="section" cls="card">
          <El as="p" live>{t(asked.q ? 'w_none' : 'w_none_kind')}</El>
          <Button cls="btn quiet" onTap={() => { setTyped(''); setAsked({ q: '', kind: '' }) }}>{t('w_show_all')}</Button>
        </El>
      )}
      {state === 'there' && next && <Button cls="btn quiet" onTap={() => void ask(next)}>{t('w_more')}</Button>}
      {state === 'lost' && (
        <>
          <El as="section" cls="card">
            <El as="p" live>{t(lately.length ? 'w_offline' : 'w_offline_none')}</El>
            <Button cls="btn quiet" onTap={() => void ask()}>{t('retry')}</Button>
          </El>
          {lately.map((one) => <Entry key={one.slug} one={one} />)}
        </>
      )}
    </Page>
  )
}

function Entry({ one }: { one: Brief }) {
  const { lang } = useStore(settings)
  return (
    <Button cls="story" onTap={() => void Taro.navigateTo({ url: `/pages/article/index?slug=${encodeURIComponent(one.slug)}` })}>
      <El as="span" cls="story-top">
        <El as="span" cls="story-title" lang="zh-CN">{one.title}</El>
        {one.thumb && <Drawn path={one.thumb} alt="" cls="thumb" />}
      </El>
      <El as="span" cls="soft" lang="zh-CN">{one.summary}</El>
      <El as="span">
        <El as="span" cls="chip lab">{label(articleKinds, one.kind, lang)}</El>{' '}
        {one.verdict && <El as="span" cls={`chip ${one.verdict === 'true' ? 'valid' : 'void'}`}>{label(rumourVerdicts, one.verdict, lang)}</El>}
      </El>
    </Button>
  )
}

export default started(Shelves, true)
