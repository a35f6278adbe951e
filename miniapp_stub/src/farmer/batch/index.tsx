/** Beginning a batch: what, where, since when. Works without signal. */
import { useRef, useState } from 'react'
import Taro, { useRouter } from '@tarojs/taro'
import { begin, farm, type Farm } from '@/services/farming'
import { flush, theOutbox } from '@/services/outbox'
import { today } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El, Field } from '@/ui/base'
import { goBack } from '@/ui/leaving'
import { started } from '@/ui/started'
import { Page } from '@/ui/page'
import { useWords, type Say } from '@/words'
import { useFresh } from '../fresh'

interface Begun { product: string; sites: string[]; day: string }

/** A new batch, or one that was refused, corrected. Rejects when the phone is full. */
async function keep(t: Say, kept: Farm, { product, sites, day }: Begun, item: string): Promise<void> {
  const chosen = kept.products.find((one) => one.id === product)
  const land = kept.sites.filter((one) => sites.includes(one.id))
  if (!chosen) return
  const title = t('began', { what: chosen.name })
  const correcting = theOutbox().list().find((one) => one.id === item)
  if (!correcting) return begin(chosen, land, day, title)
  await theOutbox().correct(item, { ...correcting.body, product_id: product, site_ids: sites, started_on: day }, title)
  await farm().set({ ...kept, batches: kept.batches.map((one) => (one.id.endsWith(`.${item}`) ? { ...one, product_id: product, product_name: chosen.name, crop: chosen.crop, site_ids: sites, started_on: day } : one)) })
  void flush(true)
}

function Begin() {
  const t = useWords()
  const { item = '' } = useRouter().params
  const kept = useStore(farm())
  useFresh()
  const body = theOutbox().list().find((one) => one.id === item)?.body as { product_id?: string; site_ids?: string[]; started_on?: string } | undefined
  const problemThere = theOutbox().list().find((one) => one.id === item)?.problem
  const [begun, setBegun] = useState<Begun>({ product: body?.product_id ?? '', sites: body?.site_ids ?? [], day: body?.started_on ?? today() })
  const [problem, setProblem] = useState(problemThere ? `${problemThere.message}${problemThere.hint ?? ''}` : '')
  const busy = useRef(false)
  const go = async () => {
    const absent = !begun.product ? 'product' : !begun.sites.length ? 'where' : undefined
    if (absent) return setProblem(t('missing', { what: t(absent) }))
    if (busy.current || !kept) return
    busy.current = true
    try {
      await keep(t, kept, begun, item)
      await goBack('/farmer/farm/index')
    } catch {
      busy.current = false
      setProblem(t('storage_full'))
    }
  }
  const turn = (id: string) => setBegun({ ...begun, sites: begun.sites.includes(id) ? begun.sites.filter((one) => one !== id) : [...begun.sites, id] })
  return (
    <Page title={t('new_batch')}>
      <El as="section" cls="card">
        <El as="h2">{t('product')}</El>
        <El cls="choices" label={t('product')}>{kept?.products.map((one) => <Button key={one.id} cls="choice" pressed={begun.product === one.id} onTap={() => setBegun({ ...begun, product: one.id })}>{one.name}</Button>)}</El>
        <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/farmer/product/index' })}>{t('new_product')}</Button>
        <El as="h2">{t('where')}</El>
        <El cls="choices" label={t('where')}>{kept?.sites.map((one) => <Button key={one.id} cls="choice" pressed={begun.sites.includes(one.id)} onTap={() => turn(one.id)}>{one.name} {t('area', { mu: one.area_mu })}</Button>)}</El>
        <Button cls="btn quiet" onTap={() => void Taro.navigateTo({ url: '/farmer/site/index' })}>{t('new_site')}</Button>
        <Field label={t('started')} kind="day" value={begun.day} onChange={(day) => setBegun({ ...begun, day })} />
        {problem && <El as="p" cls="wrong" live>{problem}</El>}
        <Button cls="btn big" onTap={() => void go()}>{t('save')}</Button>
      </El>
    </Page>
  )
}

export default started(Begin)
