/** The line that says what became of what was written on this phone. */
import Taro from '@tarojs/taro'
import { useMine } from '@/services/mine'
import { useWords } from '@/words'
import { Button, El } from './base'

export function Uploads() {
  const t = useWords()
  const mine = useMine()
  const fix = mine.filter((item) => item.state === 'needs_fix' || item.state === 'conflict').length
  const wait = mine.filter((item) => item.state === 'waiting' || item.state === 'sending').length
  return (
    <Button cls={`row outbox-line ${fix ? 'warn' : ''}`} onTap={() => void Taro.navigateTo({ url: '/farmer/outbox/index' })}>
      <El as="span" cls="grow">{t('outbox')}</El>
      <El as="span" cls={`chip ${fix ? 'void' : wait ? 'mark' : 'valid'}`}>{fix ? t('to_fix', { count: fix }) : wait ? t('to_send', { count: wait }) : t('all_sent')}</El>
    </Button>
  )
}
