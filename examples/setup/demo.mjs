// `npm run demo [-- vanilla|react|vue|svelte|next|nuxt|sveltekit] [-- --check]`: a shop, the collector that stands in for Amplitude's
// servers, and the viewer that plays your own visit. `--check` makes the visit itself and compares replay and page.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bootstrap, buildIfChanged, ROOT } from './bootstrap.mjs'
import { freePort } from './free-port.mjs'
import { BINDING_OF, installApp, SERVER_APPS, startApp } from './server-apps.mjs'

const SHOPS = ['vanilla', 'react', 'vue', 'svelte', ...SERVER_APPS]
const args = process.argv.slice(2).filter((arg) => arg !== '--')
const check = args.includes('--check')
const shop = args.find((arg) => SHOPS.includes(arg)) ?? defaultShop()
const unknown = args.filter((arg) => arg !== '--check' && !SHOPS.includes(arg))
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(' ')}. Use: npm run demo -- [${SHOPS.join('|')}] [--check]`)
  process.exit(2)
}

await bootstrap()
if (!process.env.SESSION_REPLAY_KIT_BUILT) {
  const binding = shop === 'vanilla' ? [] : [`./${BINDING_OF[shop] ?? shop}`]
  await buildIfChanged(['./core', ...binding, './examples/collector'])
}

const collectorPort = await freePort(check ? 0 : 4400)
const shopPort = await freePort(check ? 0 : 4401)
const dataDir = check
  ? mkdtempSync(join(tmpdir(), 'session-replay-kit-'))
  : join(ROOT, 'examples/collector/data')
const collectorUrl = `http://localhost:${collectorPort}`
const collector = await startCollector()
const site = await startShop()

if (check) {
  const { checkVisit } = await import('./check.mjs')
  const ok = await checkVisit({ shop, shopUrl: site.url, collectorUrl }).catch((error) => {
    console.error(error)
    return false
  })
  await Promise.all([site.stop(), collector.stop()])
  rmSync(dataDir, { recursive: true, force: true })
  process.exit(ok ? 0 : 1)
}

console.log(`
  Shop     ${site.url}      click around: search, add to the cart, fill in the account form
  Replays  ${collectorUrl}      watch your visit appear and play it, masked as it was uploaded

  Ctrl+C ends both. Replays are kept in examples/collector/data.
`)
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await Promise.all([site.stop(), collector.stop()])
    process.exit(0)
  })
}

function defaultShop() {
  return existsSync(join(ROOT, 'examples/react/index.html')) ? 'react' : 'vanilla'
}

/** The collector is a process of its own, as it would be elsewhere. Resolves once it listens. */
function startCollector() {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'examples/collector/server.mjs'),
      '--port',
      String(collectorPort),
      '--host',
      'localhost',
      '--data',
      dataDir,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.once('exit', () => child.kill())
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The collector ended with code ${code}.`)))
    child.stdout.once('data', () =>
      resolve({
        stop() {
          child.kill('SIGTERM')
          return ended
        },
      }),
    )
  })
}

/** Builds the shop with the collector's address in it and serves the result. */
async function startShop() {
  if (SERVER_APPS.includes(shop)) {
    await installApp(shop)
    return startApp(shop, { port: shopPort, collectorUrl })
  }
  const { build: viteBuild, preview } = await import('vite')
  const root = join(ROOT, 'examples', shop)
  process.env.VITE_COLLECTOR_URL = collectorUrl
  const common = { root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' }
  await viteBuild(common)
  const server = await preview({
    ...common,
    preview: { port: shopPort, host: 'localhost', strictPort: true },
  })
  return { url: `http://localhost:${shopPort}`, stop: () => server.close() }
}
