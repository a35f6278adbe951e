import path from 'node:path'
import { defineConfig, type UserConfigExport } from '@tarojs/cli'
import { apart, powers } from './apart'
import { shell } from './shell'

const ROOT = path.resolve(__dirname, '..')
const TARGET = process.env.TARO_ENV ?? 'h5'

/** px stay px on both targets: a px is a dp in WeChat, and sizes that matter to old eyes must not shrink with the screen.
 * The unit named here is used nowhere; it keeps Taro from writing a script into the page that the content policy forbids. */
const asWritten = { pxtransform: { enable: false, config: { targetUnit: 'vw' as const } } }

export default defineConfig<'vite'>(async () => {
  const config: UserConfigExport<'vite'> = {
    projectName: 'longtrace-miniapp',
    designWidth: 375,
    deviceRatio: { 375: 2, 750: 1 },
    sourceRoot: 'src',
    outputRoot: `dist/${TARGET}`,
    framework: 'react',
    compiler: {
      type: 'vite',
      vitePlugins: [powers(), TARGET === 'h5' ? shell(path.join(ROOT, 'src'), path.join(ROOT, 'dist/h5')) : apart()],
    },
    alias: { '@': path.join(ROOT, 'src') },
    mini: { postcss: asWritten },
    h5: {
      publicPath: '/app/',
      staticDirectory: 'static',
      router: { mode: 'hash' },
      postcss: { ...asWritten, autoprefixer: { enable: true, config: {} } },
    },
  }
  return config
})
