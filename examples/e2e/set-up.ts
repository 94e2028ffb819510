import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installApps } from './install.ts'
import { type PackageName, packAll } from './pack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed packages. */
    tarballs: Record<PackageName, string>
    /** The folder of the fresh apps, each in a folder of its fixture's name. */
    apps: string
  }
}

/** Packs once and installs all apps in one go; deletes everything afterwards. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-apps-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 })
  try {
    const tarballs = await packAll(folder)
    project.provide('tarballs', tarballs)
    project.provide('apps', await installApps(folder, tarballs))
  } catch (cause) {
    await remove()
    throw cause
  }
  return remove
}
