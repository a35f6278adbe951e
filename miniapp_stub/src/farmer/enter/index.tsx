/** Logging in: in WeChat by WeChat and then a code that binds once; in a browser by the code alone. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { ApiError } from '@/api/request'
import { bind, enter, enterWeChat } from '@/services/login'
import { isOfficer, session } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { inWeChat, loginCode } from '@/ui/platform'
import { useWords } from '@/words'

function Enter() {
  const t = useWords()
  const known = useStore(session)
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const trying = async (act: () => Promise<boolean>) => {
    setBusy(true)
    try {
      if (await act()) await Taro.redirectTo({ url: isOfficer(session.get()) ? '/officer/queue/index' : '/farmer/farm/index' })
    } catch (error) {
      setProblem(error instanceof ApiError && !error.offline ? `${error.message}${error.hint}` : t('no_signal'))
    } finally {
      setBusy(false)
    }
  }
  const byWeChat = () => trying(async () => {
    const given = await loginCode()
    if (!given) setProblem(t('enter_wechat_none'))
    return given ? enterWeChat(given) : false
  })
  const byCode = async () => {
    const empty = !code.trim() ? t('invitation_code') : !inWeChat && !name.trim() ? t('your_name') : ''
    if (empty) return setProblem(t('missing', { what: empty }))
    await trying(() => (inWeChat ? bind(code.trim()) : enter(code.trim(), name.trim())).then(() => true))
  }
  const wechatFirst = inWeChat && !known
  return (
    <Page title={t('enter')}>
      <El as="section" cls="card">
        {wechatFirst && <El as="p" cls="soft">{t('enter_wechat_hint')}</El>}
        {wechatFirst && <Button cls="btn big" disabled={busy} onTap={() => void byWeChat()}>{t('enter_wechat')}</Button>}
        {!wechatFirst && <Field label={t('invitation_code')} value={code} onChange={setCode} hint={t('enter_hint')} max={32} />}
        {!inWeChat && <Field label={t('your_name')} value={name} onChange={setName} max={40} />}
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        {!wechatFirst && <Button cls="btn big" disabled={busy} onTap={() => void byCode()}>{t(inWeChat ? 'bind' : 'enter_now')}</Button>}
      </El>
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/officer/enter/index' })}>{t('i_officer')}</Button>
    </Page>
  )
}

export default started(Enter)
