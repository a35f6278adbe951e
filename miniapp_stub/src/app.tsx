/** Starts the app and sends what waits whenever there is a chance. */
import { useEffect, type PropsWithChildren } from 'react'
import { useDidShow } from '@tarojs/taro'
import { ApiError } from '@/api/request'
import { flush } from '@/services/outbox'
import { start } from '@/services/start'
import { tell } from '@/ui/failing'
import { prepare, watchFailures, watchSignal } from '@/ui/platform'
import './app.css'

/** What cannot be read cannot be sent: the page says so, and the next chance tries again. */
function send(hurry = false): void {
  void start().then(() => flush(hurry), () => undefined)
}

export default function App({ children }: PropsWithChildren) {
  useEffect(() => {
    send(true)
    prepare()
    watchFailures((error) => { if (!(error instanceof ApiError)) tell(error) }) // what a page asked for by itself is told by the page
    return watchSignal((online) => { if (online) send(true) })
  }, [])
  useDidShow(() => send())
  return children
}
