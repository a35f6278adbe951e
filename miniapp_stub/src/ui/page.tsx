/** A page: its bar, what must be known on every page, and the person's own text size. */
import { useEffect, useState, type PropsWithChildren } from 'react'
import Taro from '@tarojs/taro'
import { clockOffset } from '@/state/session'
import { factor, settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { start, useMemory } from '@/services/start'
import { say, useWords } from '@/words'
import { Bar, Button, El } from './base'
import { Consent } from './consent'
import { systemScale, watchSignal } from './platform'

export function Page({ title, home, children }: PropsWithChildren<{ title: string; home?: boolean }>) {
  const chosen = useStore(settings)
  const offset = useStore(clockOffset)
  const signal = useSignal()
  const memory = useMemory()
  const t = useWords()
  useEffect(() => { void Taro.setNavigationBarTitle({ title }) }, [title])
  return (
    <El cls={chosen.care ? 'page care' : 'page'} lang={chosen.lang === 'en' ? 'en' : 'zh-CN'} style={{ '--f': factor(chosen, systemScale()) } as object}>
      <Bar title={title} back={home ? undefined : t('back')} />
      <El as="main">
        {memory === 'failing' && <Unread />}
        {!signal && <El as="p" cls="strip" live>{t('no_signal')}</El>}
        {offset !== 0 && <El as="p" cls="strip wrong-clock" live>{t('clock_wrong', { minutes: Math.round(Math.abs(offset) / 60_000) })}</El>}
        {children}
      </El>
      <Consent />
    </El>
  )
}

/** In both languages: which one the person chose cannot be read either. */
function Unread() {
  const t = useWords()
  return (
    <El cls="strip" live>
      <El as="p" lang="zh-CN">{say('zh')('memory_unread')}</El>
      <El as="p" lang="en">{say('en')('memory_unread')}</El>
      <Button cls="btn quiet" onTap={() => void start().catch(() => undefined)}>{t('retry')}</Button>
    </El>
  )
}

export function useSignal(): boolean {
  const [signal, setSignal] = useState(true)
  useEffect(() => watchSignal(setSignal), [])
  return signal
}
