/** What the pages of goods share: what is there, in words, and what still waits on this phone. */
import { useCallback, useEffect, useState } from 'react'
import { useDidShow } from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { inUnit, standing, type Goods } from '@/rules/moving'
import { farm } from '@/services/farming'
import { lots, lotsAt, openGoods } from '@/services/goods'
import { flush, useOutbox } from '@/services/outbox'
import { here } from '@/state/session'
import type { Lang } from '@/state/settings'
import { useStore } from '@/state/store'
import { label, units } from '@/vocab'

/** Everything of the producer whose pages are shown, less what is on its way out of here; `except`: an item that is being corrected. */
export function useGoods(except = ''): Goods[] {
  const known = useStore(lots())
  const at = useStore(lotsAt())
  const batches = useStore(farm())?.batches
  const items = useOutbox().filter((item) => item.producer === here())
  const named = (harvest: Item) => {
    const batch = batches?.find((one) => one.id === harvest.body.batch_id)
    return batch ? { product_name: batch.product_name, crop: batch.crop, variety: batch.variety } : {}
  }
  return standing(known ?? [], items, at, named, except)
}

/** Reads what is kept, and anew whenever the page is shown or something arrived; undefined until it was tried. */
export function useOpened(): boolean | undefined {
  const [fresh, setFresh] = useState<boolean>()
  const arrived = useOutbox().filter((item) => item.state === 'delivered').length
  const renew = useCallback(() => { void farm().load().then(() => flush()).then(openGoods).then(setFresh) }, [])
  useEffect(renew, [renew, arrived])
  useDidShow(renew)
  return fresh
}

export function amount(quantity: number, unit: string, lang: Lang): string {
  return `${inUnit(quantity, unit)} ${label(units, unit, lang)}`
}
