/** Every sentence the app says, Chinese and English, by the pages that say it. Keys are used through `useWords`. */
import { base } from './base'
import { farmer } from './farmer'
import { me } from './me'
import { report } from './report'
import { trace } from './trace'

export const dictionary = {
  ...base,
  ...trace,
  ...farmer,
  ...me,
  ...report,
} as const satisfies Record<string, readonly [string, string]>

export type Key = keyof typeof dictionary
