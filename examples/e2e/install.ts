import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PackageName, pnpm } from './pack.ts'

/**
 * Copies the fixtures out of the repository and installs them, with the tarballs in the place of our packages. Apps see
 * only what their own manifest names: a package that forgot a dependency fails here.
 */
export async function installApps(folder: string, tarballs: Record<PackageName, string>): Promise<string> {
  const apps = join(folder, 'apps')
  await mkdir(apps)
  await cp(join(import.meta.dirname, 'apps'), apps, { recursive: true })
  const overrides = Object.entries(tarballs).map(
    ([name, tarball]) => `  '@session-replay-kit/${name}': 'file:${tarball}'`,
  )
  await writeFile(
    join(apps, 'pnpm-workspace.yaml'),
    ["packages: ['*']", 'strictDepBuilds: false', 'overrides:', ...overrides, ''].join('\n'),
  )
  await writeFile(join(apps, 'package.json'), '{ "name": "apps", "private": true }')
  await pnpm(['install', '--prod=false', '--prefer-offline', '--ignore-scripts'], apps)
  return apps
}
