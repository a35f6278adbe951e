/** Complaints that are over, to be looked up; read when there is signal, and not kept on the phone. */
import { useEffect, useRef, useState } from 'react'
import Taro from '@tarojs/taro'
import { placeName } from '@/rules/desk'
import { day } from '@/rules/china'
import { desk, ended, type Case, type Ended } from '@/services/officer'
import { session } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { worded } from '@/ui/failing'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { complaintCategories, complaintStates, label } from '@/vocab'
import { useWords } from '@/words'

function EndedPage() {
  const t = useWords()
  const account = useStore(session)?.accountId
  return (
    <Page title={t('cases_ended')}>
      <El as="p" cls="soft">{t('cases_ended_hint')}</El>
      {account ? <Cases key={account} /> : <El as="p" cls="card">{t('nobody')}</El>}
    </Page>
  )
}

/** What one login found is not shown to the next. */
function Cases() {
  const t = useWords()
  const [found, setFound] = useState<Ended>()
  const [problem, setProblem] = useState('')
  const busy = useRef(false)
  const ask = async () => {
    if (busy.current) return
    busy.current = true
    setProblem('')
    await ended(found).then(setFound, (error: unknown) => setProblem(worded(error, 'action_full')))
    busy.current = false
  }
  useEffect(() => { void ask() }, [])
  return (
    <>
      {problem && <El as="p" cls="card wrong" live>{problem}</El>}
      {!found && !problem && <El as="p" cls="lead" live>{t('loading')}</El>}
      {!found && problem && <Button onTap={() => void ask()}>{t('retry')}</Button>}
      {found && (
        <El as="section" cls="card" label={t('cases_ended')}>
          {found.items.length === 0 && <El as="p" cls="soft">{t('cases_ended_none')}</El>}
          {found.items.map((one) => <Row key={one.id} one={one} />)}
          {Object.keys(found.next).length > 0 && <Button cls="btn quiet" onTap={() => void ask()}>{t('show_more')}</Button>}
        </El>
      )}
    </>
  )
}

function Row({ one }: { one: Case }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const places = useStore(desk())?.places ?? []
  return (
    <Button cls="row" onTap={() => void Taro.navigateTo({ url: `/officer/case/index?id=${one.id}` })}>
      <El as="span" cls="grow">
        <El as="span" cls="line strong">{label(complaintCategories, one.category, lang)}</El>
        <El as="span" cls="line soft">{placeName(one.region, places)} · {t('filed_on', { day: day(one.created_at) })}</El>
      </El>
      <El as="span" cls="chip lab">{label(complaintStates, one.state, lang)}</El>
    </Button>
  )
}

export default started(EndedPage)
