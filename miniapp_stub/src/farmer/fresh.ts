/** What a farmer's page shows, read from the phone and renewed whenever the page is shown or something arrived. */
import { useCallback, useEffect, useState } from 'react'
import { useDidShow } from '@tarojs/taro'
import { catalogue, farm, habits, refresh, rulebook } from '@/services/farming'
import { notices, refreshSummary, summary } from '@/services/inbox'
import { refreshTraffic, traffic } from '@/services/goods'
import { flush, useOutbox } from '@/services/outbox'
import { here, session } from '@/state/session'
import { useStore } from '@/state/store'

/** True once what is kept on the phone was read. Without signal it stays at that. */
export function useFresh(): boolean {
  const [ready, setReady] = useState(false)
  const producer = useStore(session) ? here() : ''
  const arrived = useOutbox().filter((item) => item.state === 'delivered').length
  const renew = useCallback(() => {
    void kept().then(() => setReady(true)).then(() => flush()).then(refresh).then(refreshTraffic).then(refreshSummary).catch(() => undefined)
  }, [producer])
  useEffect(renew, [renew, arrived])
  useDidShow(renew)
  return ready
}

async function kept(): Promise<void> {
  await Promise.all([farm(), habits(), rulebook, catalogue, summary(), notices(), traffic()].map((one) => one.load()))
}
