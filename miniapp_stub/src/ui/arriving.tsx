/** On a farm’s page: goods that wait to be received, before anything else. */
import Taro from '@tarojs/taro'
import { answering, traffic } from '@/services/goods'
import { useOutbox } from '@/services/outbox'
import { useStore } from '@/state/store'
import { useWords } from '@/words'
import { Button, El } from './base'
import { useContents } from './contents'

const open = (page: string) => void Taro.navigateTo({ url: `/goods/${page}` })

export function Arriving() {
  const t = useWords()
  const kept = useStore(traffic())
  const items = useOutbox()
  const contents = useContents()
  const waiting = (kept?.incoming ?? []).filter((one) => !answering(items, one.id))
  const differing = (kept?.differs ?? []).filter((one) => !answering(items, one.id))
  const [first] = waiting
  const [short] = differing
  return (
    <>
      {first && (
        <El as="section" cls="card arriving" label={t('arrivals')}>
          <El as="p" cls="next">{t('arrivals_next', { count: waiting.length })}</El>
          <El as="p">{t('arrivals_first', { sender: first.sender, what: contents(first) })}</El>
          <Button cls="btn big" onTap={() => open(waiting.length === 1 ? `arrival/index?id=${encodeURIComponent(first.id)}` : 'arrivals/index')}>{t('arrivals_look')}</Button>
        </El>
      )}
      {short && <Button cls="row outbox-line warn" onTap={() => open(differing.length === 1 ? `arrival/index?id=${encodeURIComponent(short.id)}` : 'arrivals/index')}><El as="span" cls="grow">{t('differs_next', { count: differing.length })}</El></Button>}
    </>
  )
}
