/** What a person was told; each opens what it speaks of. Readable without signal. */
import { useEffect, useState } from 'react'
import Taro from '@tarojs/taro'
import { minute } from '@/rules/china'
import { subject } from '@/rules/notices'
import { markRead, notices, refreshNotices, type Notice } from '@/services/inbox'
import { session } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'
import { useFresh } from '../fresh'

function Inbox() {
  const t = useWords()
  const known = useStore(session)
  const list = useStore(notices())
  const ready = useFresh()
  const [late, setLate] = useState(false)
  useEffect(() => { if (ready) void refreshNotices().then(() => setLate(false), () => setLate(true)) }, [ready])
  const fresh = list.filter((one) => one.unread).map((one) => one.id)
  const read = (ids: string[]) => { void markRead(ids).then(() => setLate(false), () => setLate(true)) }
  return (
    <Page title={t('inbox')}>
      {!known && <El as="p" cls="card">{t('nobody')}</El>}
      {late && <El as="p" cls="strip" live>{t('inbox_late')}</El>}
      {list.length === 0 && <El as="p" cls="card soft">{t('inbox_none')}</El>}
      {fresh.length > 1 && <Button cls="btn quiet" onTap={() => read(fresh)}>{t('read_all')}</Button>}
      {list.map((one) => <Told key={one.id} one={one} onRead={() => read([one.id])} />)}
    </Page>
  )
}

function Told({ one, onRead }: { one: Notice; onRead: () => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const to = subject(one.kind, one.subject_id)
  const go = () => {
    if (one.unread) onRead()
    if (to) void Taro.navigateTo({ url: to.page })
  }
  return (
    <El as="section" cls="card" label={one.title[lang]}>
      <El as="p"><El as="strong">{one.title[lang]}</El> {one.unread && <El as="span" cls="chip mark">{t('not_read')}</El>}</El>
      <El as="p">{one.text[lang]}</El>
      <El as="p" cls="soft">{minute(one.created_at)}</El>
      {to && <Button onTap={go}>{t('open_it')}</Button>}
      {!to && one.unread && <Button cls="btn quiet" onTap={onRead}>{t('read_it')}</Button>}
    </El>
  )
}

export default started(Inbox)
