/** The ways from a farm to its harvests and certificates. */
import { useEffect } from 'react'
import Taro from '@tarojs/taro'
import { harvestsUnderWay } from '@/rules/certifying'
import { lots, openLots } from '@/services/certificates'
import type { Batch } from '@/services/farming'
import { useOutbox } from '@/services/outbox'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { useWords } from '@/words'

const open = (page: string) => void Taro.navigateTo({ url: page })
const go = () => open('/farmer/lots/index')

/** For a page with batches: reads the lots once, and again when something arrived. */
export function Harvests({ buyer }: { buyer: boolean }) {
  const t = useWords()
  const arrived = useOutbox().filter((item) => item.state === 'delivered').length
  useEffect(() => { void openLots() }, [arrived])
  return (
    <>
      <Button cls={buyer ? 'btn big' : 'btn quiet'} onTap={go}>{t(buyer ? 'goods' : 'lots')}</Button>
      <El cls="pair">
        <Button cls="btn quiet" onTap={() => open('/goods/arrivals/index')}>{t('arrivals')}</Button>
        <Button cls="btn quiet" onTap={() => open('/goods/book/index')}>{t('book')}</Button>
      </El>
    </>
  )
}

/** For a batch’s card, once something of it was harvested. */
export function Harvested({ batch }: { batch: Batch }) {
  const t = useWords()
  const known = useStore(lots()) ?? []
  const underWay = harvestsUnderWay(useOutbox(), known)
  if (!known.some((lot) => lot.batch_ids.includes(batch.id)) && !underWay.some((item) => item.body.batch_id === batch.id)) return null
  return <Button cls="btn quiet" onTap={go}>{t('harvested_certify')}</Button>
}
