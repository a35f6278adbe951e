/** What went wrong with something a person did and no page tells beside it: said in one dialog. */
import { ApiError } from '@/api/request'
import { settings } from '@/state/settings'
import { say } from '@/words'
import type { Key } from '@/words/dictionary'
import { ask } from './dialog'

const said = new Map<string, Promise<void>>()

/** Sees to what a person set off; when it fails, that is told. `full` is said where the phone had no space to keep it. */
export function attempt(doing: Promise<unknown>, full: Key = 'action_full'): void {
  void doing.catch((error: unknown) => tell(error, full))
}

/** One dialog at a time for the same words: who taps again is not told twice. */
export function tell(error: unknown, full: Key = 'action_full'): void {
  if (cancelled(error)) return
  const t = say(settings.get().lang)
  const text = worded(error, full)
  if (said.has(text)) return
  const title = t(text === t(full) && full !== 'action_full' ? 'not_kept' : 'failed')
  said.set(text, ask({ title, text, no: t('understood') }).then(() => { said.delete(text) }))
}

/** The server's words where it gave some; else what the phone itself knows. */
export function worded(error: unknown, full: Key): string {
  const t = say(settings.get().lang)
  if (error instanceof ApiError) return error.offline || !error.message ? t('needs_signal') : `${error.message}${error.hint}`
  return t(noSpace(error) ? full : 'failed_why')
}

/** As browsers (QuotaExceededError) and WeChat (`setStorage:fail exceed…`, `copyFile:fail the maximum size…`) say it. */
function noSpace(error: unknown): boolean {
  const { name, message, errMsg } = (error ?? {}) as { name?: string; message?: string; errMsg?: string }
  return name === 'QuotaExceededError' || /exceed|maximum size|quota|no space|ENOSPC/i.test(`${message} ${errMsg}`)
}

/** What somebody called off themselves is no failure. */
function cancelled(error: unknown): boolean {
  return /:fail cancel/.test(String((error as { errMsg?: string } | undefined)?.errMsg))
}
