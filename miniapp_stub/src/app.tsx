/** Starts the app and sends what waits whenever there is a chance. */
import { useEffect, type PropsWithChildren } from 'react'
import { useDidShow } from '@tarojs/taro'
import { flush } from '@/services/outbox'
import { start } from '@/services/start'
import { prepare, watchSignal } from '@/ui/platform'
import './app.css'

export default function App({ children }: PropsWithChildren) {
  useEffect(() => {
    void start().then(() => flush(true))
    prepare()
    return watchSignal((online) => { if (online) void start().then(() => flush(true)) })
  }, [])
  useDidShow(() => { void start().then(() => flush()) })
  return children
}
