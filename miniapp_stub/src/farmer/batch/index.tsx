/** Beginning a batch: what, where, since when. Works without signal. */
import { useEffect, useState } from 'react'
import Taro from '@tarojs/taro'
import { begin, farm } from '@/services/farming'
import { today } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords } from '@/words'

function Begin() {
  const t = useWords()
  const kept = useStore(farm())
  const [product, setProduct] = useState('')
  const [sites, setSites] = useState<string[]>([])
  const [day, setDay] = useState(today())
  const [problem, setProblem] = useState('')
  useEffect(() => { void farm().load() }, [])
  const go = async () => {
    const chosen = kept?.products.find((one) => one.id === product)
    const land = kept?.sites.filter((one) => sites.includes(one.id)) ?? []
    if (!chosen || !land.length) return setProblem(t('missing', { what: t(chosen ? 'where' : 'product') }))
    try {
      await begin(chosen, land, day, t('began', { what: chosen.name }))
      await Taro.navigateBack()
    } catch {
      setProblem(t('storage_full'))
    }
  }
  return (
    <Page title={t('new_batch')}>
      <El as="section" cls="card">
        <El as="h2">{t('product')}</El>
        <El cls="choices">{kept?.products.map((one) => <Button key={one.id} cls="choice" pressed={product === one.id} onTap={() => setProduct(one.id)}>{one.name}</Button>)}</El>
        <El as="h2">{t('where')}</El>
        <El cls="choices">{kept?.sites.map((one) => (
          <Button key={one.id} cls="choice" pressed={sites.includes(one.id)} onTap={() => setSites(sites.includes(one.id) ? sites.filter((known) => known !== one.id) : [...sites, one.id])}>{one.name} {t('area', { mu: one.area_mu })}</Button>
        ))}</El>
        <Field label={t('started')} kind="day" value={day} onChange={setDay} />
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        <Button cls="btn big" onTap={() => void go()}>{t('save')}</Button>
      </El>
    </Page>
  )
}

export default started(Begin)
