/** One certificate: the card like the paper one, its code, what can be done with it, and taking it back. */
import { useEffect, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { day } from '@/rules/china'
import { certificates, openLots, paper, qr, read, type Certificate, type Paper as Which } from '@/services/certificates'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El, Picture } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { Paper } from '@/ui/paper'
import { giveFile } from '@/ui/platform'
import { label } from '@/vocab'
import { useWords } from '@/words'
import { voidReasons } from '../terms'
import { Void } from './void'
import './index.css'

function CertificatePage() {
  const t = useWords()
  const { id: given = '', fresh } = useRouter().params
  const id = decodeURIComponent(given)
  const [tried, setTried] = useState(false)
  const one = useStore(certificates())?.find((known) => known.id === id)
  useEffect(() => { void openLots().then((now) => (now ? read(id) : undefined)).catch(() => undefined).then(() => setTried(true)) }, [id])
  return (
    <Page title={t('certificate')}>
      {!one && !tried && <El as="p" cls="lead" live>{t('loading')}</El>}
      {!one && tried && <El as="p" cls="card" live>{t('cert_unknown')}</El>}
      {one && <Shown one={one} fresh={!!fresh && one.state === 'valid'} />}
    </Page>
  )
}

function Shown({ one, fresh }: { one: Certificate; fresh: boolean }) {
  const t = useWords()
  const { lang } = useStore(settings)
  const gone = one.state === 'void'
  return (
    <>
      <El as="section" cls={`verdict ${gone ? 'void' : 'valid'}`} live>
        <El as="h2"><El as="span" cls="sign" hidden>{gone ? '✕' : '✓'}</El>{t(gone ? 'cert_void' : fresh ? 'issued' : 'cert_valid')}</El>
        {gone && <El as="p">{t('voided_on', { day: day(one.voided_at ?? one.issued_at), why: label(voidReasons, one.void_reason ?? 'other', lang) })}</El>}
        {gone && <El as="p">{t('voided_hint')}</El>}
        <El as="p">{t('cert_code')} <El as="span" cls="code">{one.number}</El></El>
      </El>
      <Paper card={one.card} number={one.number}>{!gone && <Qr id={one.id} />}</Paper>
      {one.parents.length > 0 && <Parents codes={one.parents} />}
      <Doings one={one} gone={gone} />
      {!gone && <Void one={one} />}
    </>
  )
}

/** What goods of others came with, and was named when they were certified anew. */
function Parents({ codes }: { codes: readonly string[] }) {
  const t = useWords()
  return (
    <El as="section" cls="card" label={t('cert_parents')}>
      <El as="h2">{t('cert_parents')}</El>
      {codes.map((code) => <Button key={code} cls="row" onTap={() => void Taro.navigateTo({ url: `/pages/trace/index?code=${encodeURIComponent(code)}` })}><El as="span" cls="grow code">{code}</El></Button>)}
    </El>
  )
}

function Qr({ id }: { id: string }) {
  const t = useWords()
  const [path, setPath] = useState('')
  useEffect(() => { void qr(id).then(setPath, () => setPath('')) }, [id])
  return path ? <El cls="qr"><Picture src={path} alt={t('cert_qr')} /></El> : null
}

const NAMES: Record<Which, (code: string) => string> = { 'certificate.pdf': (code) => `${code}.pdf`, 'labels.pdf': (code) => `${code}-labels.pdf` }

function Doings({ one, gone }: { one: Certificate; gone: boolean }) {
  const t = useWords()
  const [told, setTold] = useState<'fetching' | 'file_given' | 'file_failed'>()
  const give = async (which: Which) => {
    setTold('fetching')
    try {
      const file = await paper(one.id, which)
      await giveFile(NAMES[which](one.code), file.path, 'application/pdf')
      setTold('file_given')
    } catch {
      setTold('file_failed')
    }
  }
  const words = { fetching: t('fetching'), file_given: t('file_given'), file_failed: t('file_failed') }
  return (
    <El as="section" cls="card">
      {!gone && <Button cls="btn big" onTap={() => void Taro.navigateTo({ url: `/farmer/press/index?id=${encodeURIComponent(one.id)}` })}>{t('print_labels')}</Button>}
      <Button cls="btn quiet" disabled={told === 'fetching'} onTap={() => void give('certificate.pdf')}>{t('share_pdf')}</Button>
      {!gone && <Button cls="btn quiet" disabled={told === 'fetching'} onTap={() => void give('labels.pdf')}>{t('labels_pdf')}</Button>}
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/pages/trace/index?code=${one.code}` })}>{t('show_trace')}</Button>
      <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: `/check/index/index?code=${one.code}` })}>{t('check_this')}</Button>
      {told && <El as="p" cls={told === 'file_failed' ? 'wrong' : ''} live>{words[told]}</El>}
    </El>
  )
}

export default started(CertificatePage)
