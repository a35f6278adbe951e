/** A page that waits until the phone's own memory was read: a blink, and never a page of somebody else's settings. */
import type { ComponentType } from 'react'
import { useStarted } from '@/services/start'

export function started(Inner: ComponentType) {
  return function Started() {
    return useStarted() ? <Inner /> : null
  }
}
