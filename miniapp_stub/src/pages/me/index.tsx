/** Settings: care mode, text size, language, privacy, one's own data, logging out. */
import { useState } from 'react'
import Taro from '@tarojs/taro'
import { leave } from '@/services/login'
import { clearSeen } from '@/services/trace'
import { session } from '@/state/session'
import { SCALES, settings, type Settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { attempt } from '@/ui/failing'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { label, roles as roleTerms } from '@/vocab'
import { useWords } from '@/words'
import { ClearPhone, MyData } from './data'

const SIZES = ['size_1', 'size_2', 'size_3'] as const
const TONGUES = [['zh', '中文'], ['en', 'English']] as const

function Me() {
  const t = useWords()
  const chosen = useStore(settings)
  const known = useStore(session)
  const held = [...new Set((known?.grants ?? []).map((grant) => label(roleTerms, grant.role, chosen.lang)))]
  const [cleared, setCleared] = useState(false)
  const change = (some: Partial<Settings>) => attempt(settings.set({ ...chosen, ...some }), 'settings_full')
  return (
    <Page title={t('me')}>
      <El as="section" cls="card">
        <El as="h2">{t('care_mode')}</El>
        <El cls="choices">
          <Button cls="choice" pressed={chosen.care} onTap={() => change({ care: true })}>{t('on')}</Button>
          <Button cls="choice" pressed={!chosen.care} onTap={() => change({ care: false })}>{t('off')}</Button>
        </El>
        <El as="h2">{t('text_size')}</El>
        <El cls="choices">
          {SCALES.map((scale, place) => <Button key={scale} cls="choice" pressed={chosen.scale === scale} onTap={() => change({ scale })}>{t(SIZES[place] ?? 'size_1')}</Button>)}
        </El>
        <El as="h2">{t('language')}</El>
        <El cls="choices">
          {TONGUES.map(([lang, name]) => <Button key={lang} cls="choice" pressed={chosen.lang === lang} onTap={() => change({ lang })}>{name}</Button>)}
        </El>
      </El>
      <El as="section" cls="card">
        <El as="h2">{t('privacy')}</El>
        <El as="p">{t('privacy_short')}</El>
        <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/pages/privacy/index' })}>{t('privacy_open')}</Button>
        <Button cls="btn quiet" onTap={() => attempt(clearSeen().then(() => setCleared(true)))}>{t('clear_seen')}</Button>
        {cleared && <El as="p" live>{t('cleared')}</El>}
        <ClearPhone />
      </El>
      {known && (
        <El as="section" cls="card">
          <El as="p">{t('logged_in_as', { name: [known.name, ...held].filter(Boolean).join(' · ') })}</El>
          <Button cls="btn quiet" onTap={() => attempt(leave())}>{t('log_out')}</Button>
        </El>
      )}
      <MyData />
    </Page>
  )
}

export default started(Me)
