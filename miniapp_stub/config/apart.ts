import type { Plugin } from 'vite'

/** What only the check of signatures needs: it travels with that page. */
export const CHECKING = /@noble|src\/check\/|src\/rules\/proof\/|src\/(?:words|services)\/check\./
/** Of it what begins with BigInt when it is read, so that the page can say kindly that there is none. */
const COUNTING = /@noble|src\/rules\/proof\/(?:check|tokens|notes|path|revoked)\./
const READING = /src\/rules\/proof\//

/** Keeps the arithmetic of signatures out of WeChat's main package, and in a file of its own that is read when it is needed. */
export function apart(): Plugin {
  return {
    name: 'longtrace-apart',
    outputOptions(options) {
      const usual = options.manualChunks
      return {
        ...options,
        manualChunks(id, meta) {
          if (COUNTING.test(id)) return 'check/counting'
          if (READING.test(id)) return 'check/reading'
          if (CHECKING.test(id)) return undefined
          return typeof usual === 'function' ? usual(id, meta) : undefined
        },
      }
    },
  }
}

/** Leaves `**` as it is: rewritten to Math.pow, which old targets ask for, it fails on BigInt, and an engine that has the one knows the other. */
export function powers(): Plugin {
  return { name: 'longtrace-powers', config: () => ({ esbuild: { supported: { 'exponent-operator': true } } }) }
}
