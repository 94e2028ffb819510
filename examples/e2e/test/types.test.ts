import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, inject, it } from 'vitest'
import { PACKAGES } from '../pack.ts'
import { openTarball } from '../tarball.ts'

// Declarations as apps meet them: every door, under each module resolution, with the declarations themselves checked.

const folder = join(inject('apps'), 'types')

const MODES = {
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
}

beforeAll(async () => {
  const doors = await Promise.all(
    PACKAGES.map(async (name) => {
      const { manifest } = await openTarball(inject('tarballs')[name])
      return Object.keys(manifest.exports).map((door) => door.replace('.', manifest.name))
    }),
  )
  const code = doors
    .flat()
    .filter((door) => !door.endsWith('package.json'))
    .map((door, index) => `export type * as door${index} from '${door}'`)
  await writeFile(join(folder, 'doors.ts'), `${code.join('\n')}\n`)
})

/** Every mode, with a new compiler and an old one; `node16` is what `nodenext` was for the old one. */
const COMBINATIONS = [
  ['bundler', 'typescript'],
  ['nodenext', 'typescript'],
  ['bundler', 'typescript-5'],
  ['node16', 'typescript-5'],
] as const

it.each(COMBINATIONS)('every door has sound types with %s and %s', async (mode, compiler) => {
  const config = join(folder, `tsconfig.${mode}.${compiler}.json`)
  const compilerOptions = {
    ...MODES[mode],
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
  }
  await writeFile(config, JSON.stringify({ files: ['doors.ts'], compilerOptions }))
  const tsc = join(folder, 'node_modules', compiler, 'bin/tsc')
  const said = await promisify(execFile)(process.execPath, [tsc, '-p', config, '--pretty', 'false'], {
    cwd: folder,
  }).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  )
  // Frameworks have errors of their own in some modes.
  const ours = said.split('\n').filter((line) => /^doors\.ts|^[^(]*@session-replay-kit|^error/.test(line))
  expect(ours).toEqual([])
})
