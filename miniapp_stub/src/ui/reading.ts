/** A page that shows what is kept at once, and asks anew when it is shown. */
import { useCallback, useEffect, useState } from 'react'
import { useDidShow } from '@tarojs/taro'
import { ApiError } from '@/api/request'
import type { Store } from '@/state/store'
import { useStore } from '@/state/store'

export type Heard = 'asking' | 'fresh' | 'offline' | 'refused'

/** The kept value, and what became of asking for a newer one; `again` changes when it must be asked once more. */
export function useReading<T>(kept: Store<T>, refresh: () => Promise<void>, again: unknown = ''): { value: T; heard: Heard } {
  const value = useStore(kept)
  const [heard, setHeard] = useState<Heard>('asking')
  const ask = useCallback(() => {
    void kept.load().then(refresh).then(() => setHeard('fresh'))
      .catch((error: unknown) => setHeard(error instanceof ApiError && !error.offline ? 'refused' : 'offline'))
  }, [kept])
  useEffect(ask, [ask, again])
  useDidShow(ask)
  return { value, heard }
}
