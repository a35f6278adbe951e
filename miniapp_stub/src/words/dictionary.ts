/** Every sentence the app says, Chinese and English, by the pages that say it. Keys are used through `useWords`. */
import { asking } from './asking'
import { base } from './base'
import { declaring } from './declaring'
import { farmer } from './farmer'
import { goods } from './goods'
import { inbox } from './inbox'
import { labels } from './labels'
import { log } from './log'
import { me } from './me'
import { reading } from './read'
import { report } from './report'
import { officer } from './officer'
import { privacy } from './privacy'
import { stock } from './stock'
import { trace } from './trace'

export const dictionary = {
  ...base,
  ...trace,
  ...farmer,
  ...log,
  ...stock,
  ...inbox,
  ...labels,
  ...goods,
  ...me,
  ...report,
  ...reading,
  ...officer,
  ...declaring,
  ...asking,
  ...privacy,
} as const satisfies Record<string, readonly [string, string]>

export type Key = keyof typeof dictionary
