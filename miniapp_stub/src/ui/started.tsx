/** A page that waits until the phone's own memory was read: a blink, and never a page of somebody else's settings. What `open` says stands
 * there even when it cannot be read. */
import type { ComponentType } from 'react'
import { useMemory } from '@/services/start'
import { useWords } from '@/words'
import { Page } from './page'

export function started(Inner: ComponentType, open = false) {
  return function Started() {
    const t = useWords()
    const memory = useMemory()
    if (memory === 'read' || (open && memory === 'failing')) return <Inner />
    return memory === 'failing' ? <Page title={t('app')} /> : null
  }
}
