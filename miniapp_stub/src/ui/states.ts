/** How the states of what was written on this phone look. */
import type { State } from '@/outbox/rules'

export const CHIPS: Record<State, string> = { waiting: 'mark', sending: 'lab', delivered: 'valid', needs_fix: 'void', conflict: 'void' }
