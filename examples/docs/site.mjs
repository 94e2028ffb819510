// `npm run docs`: builds the documentation site and serves it. `npm run docs:build`: only builds it, into `dist`.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap, build } from '../setup/bootstrap.mjs'

const HERE = import.meta.dirname
const PORT = Number(process.env.PORT ?? 4480)

await bootstrap()
// Declarations of all packages are read for the API pages.
if (!process.env.SESSION_REPLAY_KIT_BUILT) await build({ only: ['./core', './react', './vue', './svelte'] })

const { gatherPages } = await import('./site/gather-pages.mjs')
const { writeApi } = await import('./site/write-api.mjs')
const site = join(HERE, '.site')
rmSync(site, { recursive: true, force: true })
const pages = gatherPages(site)
await writeApi(join(site, 'api'))
console.log(`${pages.length} pages from the repository, and the API`)

const vitepress = await import('vitepress')
// Fails on a link that leads nowhere.
await vitepress.build(HERE)

if (process.argv.includes('--serve')) {
  await vitepress.serve({ root: HERE, port: PORT })
  console.log(`\n  Documentation  http://localhost:${PORT}      Ctrl+C ends it\n`)
}
