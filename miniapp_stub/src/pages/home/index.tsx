/** Home: scan, type a code, what was seen lately, and the ways in for farmers, reporters and readers. */
import { useEffect, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { read, type Read } from '@/rules/codes'
import { seen } from '@/services/trace'
import { isOfficer, session } from '@/state/session'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { launchedWith, scan } from '@/ui/platform'
import { useWords } from '@/words'

function Home() {
  const t = useWords()
  const { lang } = useStore(settings)
  const list = useStore(seen)
  const known = useStore(session)
  const { params } = useRouter()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  useEffect(() => {
    void seen.load().catch(() => undefined)
    const link = launchedWith(params)
    if (link) follow(read(link))
  }, [])
  const follow = (found: Read) => {
    if (found.kind === 'trace') void Taro.navigateTo({ url: `/pages/trace/index?code=${found.code}` })
    if (found.kind === 'proof') void Taro.navigateTo({ url: `/check/index/index?said=${found.digits}` })
    setProblem(found.kind === 'trace' || found.kind === 'proof' ? '' : t(found.kind === 'foreign' ? 'code_foreign' : 'code_nothing'))
  }
  const scanned = async () => {
    const seenNow = await scan().catch(() => setProblem(t('scan_no_signal')))
    const found = seenNow && read(seenNow.text)
    if (found) follow(seenNow.foreign && found.kind !== 'proof' ? { kind: 'foreign' } : found)
  }
  return (
    <Page title={t('app')} home>
      <El as="section" cls="hero">
        <El as="p" cls="lead">{t('slogan')}</El>
        <Button cls="btn big" onTap={() => void scanned()}>{t('scan')}</Button>
        <Field label={t('typed_code')} value={typed} onChange={setTyped} max={64} />
        <Button cls="btn quiet" onTap={() => follow(read(typed))}>{t('look')}</Button>
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
      </El>
      <El as="section" cls="card">
        <El as="h2">{t('seen')}</El>
        {list.length === 0 && <El as="p" cls="soft">{t('seen_none')}</El>}
        {list.map((one) => (
          <Button key={one.code} cls="row" onTap={() => follow({ kind: 'trace', code: one.code })}>
            <El as="span" cls="grow">{one.product}</El>
            <El as="span" cls={`chip ${one.state}`}>{one[lang]}</El>
          </Button>
        ))}
      </El>
      <El as="nav" cls="tiles" label={t('more')}>
        {!isOfficer(known) && <Button cls="tile" onTap={() => void Taro.navigateTo({ url: known ? '/farmer/farm/index' : '/farmer/enter/index' })}>{t(known ? 'farm' : 'i_farm')}</Button>}
        {isOfficer(known) && <Button cls="tile" onTap={() => void Taro.navigateTo({ url: '/officer/queue/index' })}>{t('officer')}</Button>}
        <Button cls="tile" onTap={() => void Taro.navigateTo({ url: '/pages/report/index' })}>{t('report')}</Button>
        <Button cls="tile" onTap={() => void Taro.navigateTo({ url: '/check/index/index' })}>{t('check_tile')}</Button>
        <Button cls="tile" onTap={() => void Taro.navigateTo({ url: '/pages/read/index' })}>{t('read')}</Button>
        <Button cls="tile" onTap={() => void Taro.navigateTo({ url: '/pages/me/index' })}>{t('me')}</Button>
      </El>
    </Page>
  )
}

export default started(Home, true)
