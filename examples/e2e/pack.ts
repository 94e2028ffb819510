import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const PACKAGES = ['core', 'react', 'vue', 'svelte'] as const

export type PackageName = (typeof PACKAGES)[number]

export const ROOT = join(import.meta.dirname, '../..')

/** Runs a command as a user's terminal does, without leave to ask. Rejects with what it said. */
export async function run(command: string, args: string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd,
      env: { ...userEnvironment(), CI: '1' },
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${stdout}\n${stderr}`, { cause })
  }
}

/** Without what Vitest sets for its own, above all `NODE_ENV`: bundlers would build for development. */
const userEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST.*|VITE_.*|NODE_ENV|NODE_OPTIONS|TEST|DEV|PROD|MODE|SSR|BASE_URL)$/.test(name),
    ),
  )

export const pnpm = (args: string[], cwd: string): Promise<string> =>
  run('npx', ['--yes', 'pnpm@12.21.0', ...args], cwd)

/** Packs what is built, as it would be published; returns the tarballs. */
export async function packAll(folder: string): Promise<Record<PackageName, string>> {
  const packed = await Promise.all(
    PACKAGES.map(async (name) => {
      const tarball = join(folder, `${name}.tgz`)
      await pnpm(['pack', '--out', tarball], join(ROOT, name))
      return [name, tarball] as const
    }),
  )
  return Object.fromEntries(packed) as Record<PackageName, string>
}
