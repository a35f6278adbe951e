import { defineConfig } from 'vitest/config'
import path from 'node:path'

export default defineConfig({
  resolve: { alias: { '@': path.resolve(__dirname, 'src') }, extensions: ['.h5.ts', '.h5.tsx', '.ts', '.tsx', '.mjs', '.js', '.json'] },
  test: { testTimeout: 60_000, include: ['tests/**/*.test.ts'], setupFiles: ['tests/setup.ts'] },
})
