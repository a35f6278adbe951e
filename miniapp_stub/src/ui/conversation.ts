/** What both sides of a question watch: what was said, and what of it still waits on this phone. */
import { useState } from 'react'
import { useRouter } from '@tarojs/taro'
import { questionOf } from '@/rules/asking'
import { conversation, refreshQuestion } from '@/services/asking'
import { useMine } from '@/services/mine'
import { session } from '@/state/session'
import { useStore } from '@/state/store'
import { useReading } from './reading'

/** The question that the address names, or that of the refused `item` which is said anew until it is `corrected`. */
export function useConversation() {
  const { id: given = '', item = '' } = useRouter().params
  const account = useStore(session)?.accountId
  const items = useMine()
  const [refused, setRefused] = useState(() => items.find((one) => one.id === item))
  const [id] = useState(() => (refused ? questionOf(refused) : decodeURIComponent(given)))
  const arrived = items.filter((one) => questionOf(one) === id && one.state === 'delivered').length
  const { value: read, heard } = useReading(conversation(id), () => refreshQuestion(id), arrived)
  const again = { refused: refused?.id, text: String(refused?.body.text ?? ''), problem: refused?.problem && `${refused.problem.message}${refused.problem.hint ?? ''}`, done: () => setRefused(undefined) }
  return { account, items, id, read, heard, again }
}
