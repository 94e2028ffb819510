// Shops on frameworks that render on a server. They are no part of the workspace, so that nobody downloads Next who does
// not want it: each is installed when it is first started.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ROOT, runPnpm } from './bootstrap.mjs'

/** What starts the built app, for Node, in its folder. They listen on `PORT`. */
const SERVERS = {
  next: ['node_modules/next/dist/bin/next', 'start'],
  nuxt: ['.output/server/index.mjs'],
  sveltekit: ['build'],
}
/** The package of ours that has to be built, beside the core. */
export const BINDING_OF = { next: 'react', nuxt: 'vue', sveltekit: 'svelte' }
const READY_TIMEOUT_MS = 60_000

export const SERVER_APPS = Object.keys(SERVERS)

/** Installs what the app needs; its copies of our packages are made anew each time, because they may have been built since. */
export async function installApp(name) {
  await checked(runPnpm(['install', '--prefer-offline'], { cwd: folderOf(name), quiet: true }), 'install')
}

/** Builds the app as for production and starts its own server; resolves when that answers. */
export async function startApp(name, { port, collectorUrl, env = {} }) {
  const settings = {
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_PUBLIC_COLLECTOR_URL: collectorUrl,
    NUXT_PUBLIC_COLLECTOR_URL: collectorUrl,
    PUBLIC_COLLECTOR_URL: collectorUrl,
    // Svelte's plugin would build for tests.
    VITEST: '',
    NODE_ENV: 'production',
    PORT: String(port),
    ...env,
  }
  const cwd = folderOf(name)
  await checked(runPnpm(['run', 'build'], { cwd, env: settings, quiet: true }), 'build')
  const server = spawn(process.execPath, SERVERS[name], {
    cwd,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(server, 'exit')
  const kill = () => server.kill()
  process.once('exit', kill)
  const url = `http://localhost:${port}`
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      kill()
      throw new Error(`examples/${name} does not answer at ${url}.`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    async stop() {
      process.removeListener('exit', kill)
      kill()
      await ended
    },
  }
}

const folderOf = (name) => join(ROOT, 'examples', name)

async function checked(running, what) {
  const code = await running
  if (code !== 0) throw new Error(`Failed (${code}): ${what}`)
}

const answers = (url) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
