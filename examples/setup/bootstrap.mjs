import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** What Vite, Vitest and jsdom need: the first minor version of each major one. */
const NEEDED_NODE = { 20: 19, 22: 12 }

/** Runs a command in the repository, output shown; resolves with its exit code. */
export function run(command, args, { cwd = ROOT, env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
      shell: process.platform === 'win32',
    })
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      resolve(127)
    })
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}

/** Like `run`, but ends this process when the command fails. */
export async function must(command, args, options) {
  const code = await run(command, args, options)
  if (code !== 0) {
    console.error(`\nFailed (${code}): ${command} ${args.join(' ')}`)
    process.exit(code)
  }
}

// Not in package.json's `packageManager`: with it, pnpm 12 refuses a frozen lock file that it wrote itself.
const PNPM = 'pnpm@12.21.0'

/** Runs pnpm through npx: nothing has to be installed globally. */
export const runPnpm = (args, options) => run('npx', ['--yes', PNPM, ...args], options)

/** Like `runPnpm`, but ends this process when the command fails. */
export const pnpm = (args, options) => must('npx', ['--yes', PNPM, ...args], options)

/** Checks Node and installs the workspace if the lock file is newer than what is installed. */
export async function bootstrap() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 24 && !(minor >= NEEDED_NODE[major])) {
    console.error(
      `Session Replay Kit needs Node 20 from 20.19 on, 22 from 22.12 on, or 24 and later; this is ${process.versions.node}.`,
    )
    process.exit(1)
  }
  const installed = join(ROOT, 'node_modules', '.modules.yaml')
  const lock = join(ROOT, 'pnpm-lock.yaml')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  await pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--config.confirmModulesPurge=false'])
}

/** Builds `only` these packages if anything of them is newer than what was built of any. */
export async function buildIfChanged(only) {
  const folders = only.map((path) => join(ROOT, path))
  const changedAt = Math.max(...folders.map((folder) => newest(folder)))
  const builtAt = Math.min(...folders.map((folder) => newest(join(folder, 'dist'))))
  if (changedAt > builtAt) await build({ only })
}

/** When the newest file below was written, builds and dependencies left out; epoch ms, 0 if there is none. */
function newest(folder) {
  if (!existsSync(folder)) return 0
  let at = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/^(node_modules|dist|data|\..*)$/.test(entry.name)) continue
    const path = join(folder, entry.name)
    at = Math.max(at, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return at
}

/** Builds every package, then the collector's viewer: dependencies before dependents. */
export async function build({ only } = {}) {
  const filters = (only ?? ['./core', './react', './vue', './svelte', './examples/collector']).flatMap(
    (path) => ['--filter', path],
  )
  await pnpm([...filters, '--if-present', 'run', 'build'])
}

/** pnpm's arguments to check every package's types, against the declarations that the others' builds emitted. */
export const TYPE_CHECK = ['-r', '--no-sort', '--if-present', 'run', 'typecheck']
