/** Logging in as an officer: name, password, and the authenticator's code where one is on. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { ApiError } from '@/api/request'
import { enterStaff } from '@/services/login'
import { isOfficer, session } from '@/state/session'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'

function Enter() {
  const t = useWords()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [totp, setTotp] = useState('')
  const [asked, setAsked] = useState(false)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const go = async () => {
    const empty = !login.trim() ? t('login_name') : !password ? t('password') : asked && !totp.trim() ? t('totp') : ''
    if (empty) return setProblem(t('missing', { what: empty }))
    setBusy(true)
    try {
      await enterStaff(login.trim(), password, totp.trim())
      await Taro.redirectTo({ url: isOfficer(session.get()) ? '/officer/queue/index' : '/pages/me/index' })
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'totp_required') setAsked(true)
      setProblem(error instanceof ApiError && !error.offline ? `${error.message}${error.hint}` : t('no_signal'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Page title={t('officer_enter')}>
      <El as="section" cls="card">
        <El as="p" cls="soft">{t('officer_enter_hint')}</El>
        <Field label={t('login_name')} value={login} onChange={setLogin} max={64} />
        <Field label={t('password')} kind="secret" value={password} onChange={setPassword} max={128} />
        {asked && <Field label={t('totp')} value={totp} onChange={setTotp} hint={t('totp_hint')} max={8} />}
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        <Button cls="btn big" disabled={busy} onTap={() => void go()}>{t('enter_now')}</Button>
      </El>
    </Page>
  )
}

export default started(Enter)
