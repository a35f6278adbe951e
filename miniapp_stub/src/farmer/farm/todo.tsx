/** What somebody else waits for: an officer's question, a declaration that is due or came back. */
import { useEffect } from 'react'
import Taro from '@tarojs/taro'
import type { Item } from '@/outbox/rules'
import { unanswered } from '@/rules/asking'
import { standing, urgent } from '@/rules/declaring'
import { draftOf } from '@/services/declaring'
import type { Farm } from '@/services/farming'
import { today } from '@/state/session'
import { useStore } from '@/state/store'
import { Button, El } from '@/ui/base'
import { useWords } from '@/words'

export function ToDo({ kept, items }: { kept: Farm; items: readonly Item[] }) {
  const t = useWords()
  const store = draftOf(kept.producer)
  const draft = useStore(store)
  useEffect(() => { void store.load() }, [store])
  const ours = items.filter((item) => item.kind === 'declaration' && item.producer === kept.producer)
  const { kind } = standing(kept.declarations ?? [], kept.at, ours, draft, today())
  return (
    <>
      {unanswered(kept.questions ?? [], items).map((one) => (
        <El as="section" cls="card" label={t('q_waits')} key={one.id}>
          <El as="h2">{t('q_waits')}</El>
          <El as="p" cls="told">{one.text.length > 60 ? `${one.text.slice(0, 60)}…` : one.text}</El>
          <Button onTap={() => void Taro.navigateTo({ url: `/farmer/question/index?id=${encodeURIComponent(one.id)}` })}>{t('q_answer')}</Button>
        </El>
      ))}
      {kept.declarations && urgent(kind) && (
        <El as="section" cls="card" label={t('declare')}>
          <El as="h2">{t('declare')}</El>
          <El as="p" cls={kind === 'returned' || kind === 'refused' ? 'wrong' : 'hold'}>{t(`stands_${kind}`)}</El>
          <Button onTap={() => void Taro.navigateTo({ url: `/farmer/declare/index?producer=${kept.producer}` })}>{t(kind === 'due' ? 'd_begin' : kind === 'draft' ? 'd_go_on' : 'd_correct')}</Button>
        </El>
      )}
    </>
  )
}
