// No bundler: the files as they are in the packages.
import { copyFile, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

await mkdir('dist', { recursive: true })
await copyFile('index.html', 'dist/index.html')
await copyFile(
  fileURLToPath(import.meta.resolve('@session-replay-kit/core/script')),
  'dist/session-replay-kit.min.js',
)
await copyFile('node_modules/@amplitude/analytics-browser/lib/scripts/amplitude-min.js', 'dist/amplitude.js')
