import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { ManualChunkMeta } from 'rollup'
import type { Plugin } from 'vite'
import { CHECKING } from './apart'

/** Pages a link may open: they travel with what all pages share, so that nothing waits for a second question to the server. */
const LANDINGS = ['src/pages/home/index', 'src/pages/trace/index']
const APP = /src\/app\.tsx?$/
/** What only a few pages use travels with them, however many they are. */
const APART = /nutui|vocab\/regions/
const TEXT = /\.(js|css|html|svg|json)$/

/** Finishes the H5 build: few and early files for the landing pages, `early.js` in the page's head, the service worker with its list of
 * files and a version that changes with any of them, and beside each text its smaller copies, which the server hands out as they are. */
export function shell(sources: string, built: string): Plugin {
  return {
    name: 'longtrace-shell',
    outputOptions(options) {
      const usual = options.manualChunks
      let first: Set<string> | undefined
      return {
        ...options,
        manualChunks(id, meta) {
          first ??= reached(meta)
          if (APART.test(id) || CHECKING.test(id)) return undefined
          if (/node_modules|commonjsHelpers/.test(id)) return typeof usual === 'function' ? usual(id, meta) : undefined
          if (id.startsWith('\0') || (first.has(id) && !APP.test(id))) return 'common'
          return (meta.getModuleInfo(id)?.importers.length ?? 0) > 1 ? 'work' : undefined
        },
      }
    },
    closeBundle() {
      writeFileSync(path.join(built, 'early.js'), readFileSync(path.join(sources, 'early.js')))
      const page = path.join(built, 'index.html')
      writeFileSync(page, readFileSync(page, 'utf8').replace('</title>', '</title>\n  <script src="/app/early.js"></script>'))
      const files = names(built)
      const hash = createHash('sha256')
      files.forEach((name) => hash.update(name).update(readFileSync(path.join(built, name))))
      const urls = files.map((name) => (name === 'index.html' ? '/app/' : `/app/${name}`))
      const text = readFileSync(path.join(sources, 'sw.js'), 'utf8')
      writeFileSync(path.join(built, 'sw.js'), text.replace('__VERSION__', hash.digest('hex').slice(0, 16)).replace('__FILES__', JSON.stringify(urls)))
      files.filter((name) => TEXT.test(name)).forEach((name) => squeeze(path.join(built, name)))
    },
  }
}

/** Our modules that a landing page needs: they travel first, and what only the pages of people at work share travels apart. */
function reached(meta: ManualChunkMeta): Set<string> {
  const found = new Set([...meta.getModuleIds()].filter((id) => APP.test(id) || LANDINGS.some((page) => id.includes(page))))
  for (const id of found) for (const next of meta.getModuleInfo(id)?.importedIds ?? []) if (!/node_modules/.test(next)) found.add(next)
  return found
}

function names(built: string): string[] {
  return readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'sw.js' && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => path.relative(built, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort()
}

function squeeze(file: string): void {
  const whole = readFileSync(file)
  writeFileSync(`${file}.br`, brotliCompressSync(whole))
  writeFileSync(`${file}.gz`, gzipSync(whole, { level: 9 }))
}
