/** In WeChat nothing is asked before the app is there. */
import type { Raw } from './request'

export function early(_path: string): Promise<Raw> | undefined {
  return undefined
}

export function settled(): void {
  // nothing was drawn
}
