import { spawn } from 'node:child_process'

/** Runs Vite in a folder of its own: SvelteKit looks for its configuration in the working directory. */
export function buildIn(
  folder: string,
  args: string[] = [],
  variables: Record<string, string> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = new URL('../../node_modules/.bin/vite', import.meta.url).pathname
    // Vitest's own environment would give the app the test build of everything.
    const { VITEST: _vitest, NODE_ENV: _mode, ...env } = process.env
    const child = spawn(vite, ['build', ...args], {
      cwd: folder,
      env: { ...env, ...variables },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`vite build ended with ${code}`)),
    )
  })
}
