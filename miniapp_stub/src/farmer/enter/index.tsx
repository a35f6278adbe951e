/** Logging in with the code a cooperative or officer gave. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { ApiError } from '@/api/request'
import { enter } from '@/services/login'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'

function Enter() {
  const t = useWords()
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const go = async () => {
    const empty = !code.trim() ? t('invitation_code') : !name.trim() ? t('your_name') : ''
    if (empty) return setProblem(t('missing', { what: empty }))
    setBusy(true)
    try {
      await enter(code.trim(), name.trim())
      await Taro.redirectTo({ url: '/farmer/farm/index' })
    } catch (error) {
      setProblem(error instanceof ApiError && !error.offline ? `${error.message}${error.hint}` : t('no_signal'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Page title={t('enter')}>
      <El as="section" cls="card">
        <Field label={t('invitation_code')} value={code} onChange={setCode} hint={t('enter_hint')} max={32} />
        <Field label={t('your_name')} value={name} onChange={setName} max={40} />
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        <Button cls="btn big" disabled={busy} onTap={() => void go()}>{t('enter_now')}</Button>
      </El>
    </Page>
  )
}

export default started(Enter)
