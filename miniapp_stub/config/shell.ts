import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Writes the service worker of the H5 build: the list of what was built, and a version that changes with any of it; and beside each text its
 * smaller copies, which the server hands out as they are. */
export function shell(source: string, built: string): Plugin {
  return {
    name: 'longtrace-shell',
    closeBundle() {
      const files = (readdirSync(built, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && entry.name !== 'sw.js' && !/\.(br|gz)$/.test(entry.name))
        .map((entry) => path.relative(built, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort()
      const hash = createHash('sha256')
      files.forEach((name) => hash.update(name).update(readFileSync(path.join(built, name))))
      const urls = files.map((name) => (name === 'index.html' ? '/app/' : `/app/${name}`))
      const text = readFileSync(source, 'utf8').replace('__VERSION__', hash.digest('hex').slice(0, 16)).replace('__FILES__', JSON.stringify(urls))
      writeFileSync(path.join(built, 'sw.js'), text)
      for (const name of files.filter((one) => /\.(js|css|html|svg|json)$/.test(one))) {
        const whole = readFileSync(path.join(built, name))
        writeFileSync(path.join(built, `${name}.br`), brotliCompressSync(whole))
        writeFileSync(path.join(built, `${name}.gz`), gzipSync(whole, { level: 9 }))
      }
    },
  }
}
