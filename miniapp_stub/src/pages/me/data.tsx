/** One's own data: a copy, the account's end in two honest steps, and clearing this phone. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { ApiError } from '@/api/request'
import { clearPhone, copyOfMine, endAccount, unsent, type Kept } from '@/services/personal'
import { exported, flush, useOutbox } from '@/services/outbox'
import { session, today } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { attempt } from '@/ui/failing'
import { saveText } from '@/ui/platform'
import { keptData } from '@/vocab'
import { useWords, type Say } from '@/words'

function told(error: unknown, t: Say): string {
  if (!(error instanceof ApiError) || error.offline) return t('needs_signal')
  return error.status === 401 ? t('ended_unclear') : `${error.message}${error.hint}`
}

export function MyData() {
  const t = useWords()
  const known = useStore(session)
  const [heard, setHeard] = useState('')
  const [ended, setEnded] = useState<Kept[]>()
  if (ended) return <Ended kept={ended} />
  if (!known) return heard ? <El as="p" cls="card" live>{heard}</El> : null
  const copy = () => copyOfMine().then((text) => {
    saveText(`longtrace-my-data-${today()}.json`, text)
    setHeard(t('copy_done'))
  }, (error: unknown) => setHeard(told(error, t)))
  const end = () => endAccount().then(setEnded, (error: unknown) => setHeard(told(error, t)))
  return (
    <El as="section" cls="card" label={t('my_data')}>
      <El as="h2">{t('my_data')}</El>
      <Button cls="btn quiet" onTap={() => void copy()}>{t('copy_mine')}</Button>
      {known.kind === 'staff' ? <El as="p" cls="soft">{t('end_staff')}</El> : <Ending account={known.accountId} end={() => void end()} />}
      {heard && <El as="p" live>{heard}</El>}
    </El>
  )
}

function Ending({ account, end }: { account: string; end: () => void }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const producers = useStore(session)?.producers.length
  const [step, setStep] = useState(0)
  const stays = keptData.filter((one) => one.when !== 'producer' || producers)
  if (step === 0) return <Button cls="btn quiet" onTap={() => setStep(1)}>{t('end_account')}</Button>
  return (
    <>
      <El as="h3">{t(step === 1 ? 'end_account' : 'end_sure')}</El>
      <El as="p">{t('end_what')}</El>
      {step === 1 && <><El as="p" cls="strong">{t('end_stays')}</El><El as="ul">{stays.map((one) => <El as="li" key={one.code}>{one[lang]}</El>)}</El></>}
      <Unsent account={account} said="end_unsent" />
      <Button cls="btn quiet" onTap={() => setStep(0)}>{t('end_not')}</Button>
      {step === 1
        ? <Button cls="btn quiet" onTap={() => setStep(2)}>{t('end_go_on')}</Button>
        : <Button cls="btn danger" onTap={end}>{t('end_now')}</Button>}
    </>
  )
}

function Unsent({ account, said }: { account?: string; said: 'end_unsent' | 'clear_unsent' }) {
  const t = useWords()
  const waiting = unsent(useOutbox(), account)
  if (!waiting.length) return null
  return (
    <>
      <El as="p" cls="wrong stop" live>{t(said, { count: waiting.length })}</El>
      <El cls="pair">
        <Button onTap={() => attempt(flush(true))}>{t('send_now')}</Button>
        <Button cls="btn quiet" onTap={() => attempt(exported(waiting).then((text) => saveText(`longtrace-${today()}.json`, text)))}>{t('export')}</Button>
      </El>
    </>
  )
}

function Ended({ kept }: { kept: Kept[] }) {
  const t = useWords()
  return (
    <El as="section" cls="card" label={t('ended')}>
      <El as="h2">{t('ended')}</El>
      <El as="p" cls="strong">{t('end_stays')}</El>
      {kept.map((one) => <El cls="said" key={one.code}><El as="p">{one.what}</El><El as="p" cls="soft">{one.why}{t('because_of', { law: one.law })}</El></El>)}
    </El>
  )
}

/** Clears this phone after a second tap, and says first what would be lost. */
export function ClearPhone() {
  const t = useWords()
  const [sure, setSure] = useState(false)
  const clear = () => attempt(clearPhone().then(() => Taro.reLaunch({ url: '/pages/home/index' })))
  return (
    <>
      {sure && <El as="p">{t('clear_what')}</El>}
      {sure && <Unsent said="clear_unsent" />}
      <Button cls={sure ? 'btn danger' : 'btn quiet'} onTap={() => (sure ? clear() : setSure(true))}>{t(sure ? 'clear_sure' : 'clear_phone')}</Button>
    </>
  )
}
