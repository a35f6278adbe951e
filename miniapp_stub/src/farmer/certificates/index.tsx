/** All certificates of the farm, or of one harvest, newest first. */
import { useCallback, useEffect, useState } from 'react'
import Taro, { useDidShow, useRouter } from '@tarojs/taro'
import { day } from '@/rules/china'
import { certificates, openLots, type Certificate } from '@/services/certificates'
import { settings } from '@/state/settings'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { label, units } from '@/vocab'
import { useWords } from '@/words'
import './index.css'
import { productOf } from '../certificate/told'

function Certificates() {
  const t = useWords()
  const lot = decodeURIComponent(useRouter().params.lot ?? '')
  const [fresh, setFresh] = useState<boolean>()
  const kept = useStore(certificates())
  const renew = useCallback(() => { void openLots().then(setFresh) }, [])
  useEffect(renew, [renew])
  useDidShow(renew)
  const shown = kept?.filter((one) => !lot || one.lot_id === lot)
  return (
    <Page title={t('certificates')}>
      {fresh === undefined && !kept && <El as="p" cls="lead" live>{t('loading')}</El>}
      {fresh === false && <El as="p" cls="strip" live>{t(kept ? 'lots_old' : 'lots_unread')}</El>}
      {shown?.length === 0 && <El as="p" cls="card">{t('certificates_none')}</El>}
      {shown?.map((one) => <Line key={one.id} one={one} />)}
    </Page>
  )
}

function Line({ one }: { one: Certificate }) {
  const t = useWords()
  const { lang } = useStore(settings)
  return (
    <Button cls="row outbox-line" onTap={() => void Taro.navigateTo({ url: `/farmer/certificate/index?id=${encodeURIComponent(one.id)}` })}>
      <El as="span" cls="grow"><El as="span" cls="told strong">{productOf(one)} {one.amount} {label(units, one.unit, lang)}</El><El as="span" cls="told">{day(one.issued_at)}</El><El as="span" cls="told code">{one.number}</El></El>
      <El as="span" cls={`chip ${one.state === 'void' ? 'void' : 'valid'}`}>{t(one.state === 'void' ? 'cert_void' : 'cert_valid')}</El>
    </Button>
  )
}

export default started(Certificates)
