import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { PACKAGES, type PackageName, ROOT } from '../pack.ts'
import { type Manifest, openTarball } from '../tarball.ts'

// The tarballs themselves: what is in them, and whether tools that judge packages find anything.

const tarballs = inject('tarballs')
const sourceManifest = (name: PackageName): Manifest =>
  JSON.parse(readFileSync(join(ROOT, name, 'package.json'), 'utf8'))

describe.each(PACKAGES)('the tarball of %s', (name) => {
  it('is clean for publint', async () => {
    const tarball = await readFile(tarballs[name])
    const { messages, pkg = {} } = await publint({
      pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
      strict: true,
    })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('has types that are right under every module resolution', async () => {
    const attw = join(import.meta.dirname, '../node_modules/.bin/attw')
    const { stdout } = await promisify(execFile)(attw, [tarballs[name], '--profile', 'esm-only'])
    expect(stdout).not.toMatch(/❌|🥴|🎭|👺/u)
  })

  it('holds built files, licence and pages, and neither sources nor tests', async () => {
    const { files } = await openTarball(tarballs[name])
    const pages = name === 'core' ? /^docs\/.*\.md$/ : /^$/
    const own = files.filter((file) => !file.startsWith('dist/') && !pages.test(file))
    const licences = name === 'core' ? ['THIRD-PARTY-LICENSES.md'] : []
    expect(own.sort()).toEqual(['LICENSE', 'README.md', ...licences, 'package.json'].sort())
    expect(files.filter((file) => /\.test\b|(?<!\.d)\.tsx?$/.test(file))).toEqual([])
  })

  it('has pages whose links lead to pages of the packages, as they lie in node_modules', async () => {
    const { files, read } = await openTarball(tarballs[name])
    const installed = await Promise.all(PACKAGES.map(async (one) => (await openTarball(tarballs[one])).files))
    const known = new Set(PACKAGES.flatMap((one, index) => installed[index]?.map((file) => `${one}/${file}`)))
    const outside = await Promise.all(
      files
        .filter((file) => file.endsWith('.md'))
        .map(async (file) => {
          const links = [...(await read(file)).matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)]
          return links.map(([, link = '']) => join(name, dirname(file), link)).filter((to) => !known.has(to))
        }),
    )
    // Two things are for those who have the repository: its examples, and its first page.
    const repository = name === 'core' ? ['README.md'] : []
    expect(outside.flat().filter((to) => !to.startsWith('examples/'))).toEqual(repository)
  })

  it('names no two files alike but for case, which some file systems keep as one', async () => {
    const { files } = await openTarball(tarballs[name])
    const folded = files.map((file) => file.toLowerCase())
    expect(files.filter((_, index) => folded.indexOf(folded[index] ?? '') !== index)).toEqual([])
  })

  it('has a source map beside every built script that holds its sources', async () => {
    const { files, read } = await openTarball(tarballs[name])
    // What svelte-package writes is as readable as the source, and the worker is text of core's own.
    if (name === 'svelte') return
    const scripts = files.filter((file) => file.endsWith('.js') && file !== 'dist/worker.js')
    for (const script of scripts) {
      const [, map] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(await read(script)) ?? []
      if (map === undefined) {
        // A door that only passes names on has nothing to map.
        expect(await read(script), script).toMatch(/^(['"]use client['"];?\s*)?(import|export)\b/)
        continue
      }
      const { sources, sourcesContent } = JSON.parse(await read(`dist/${map}`))
      expect(sourcesContent, script).toHaveLength(sources.length)
    }
  })

  it('names real ranges, and nothing that only this repository understands', async () => {
    const { manifest } = await openTarball(tarballs[name])
    const { version } = sourceManifest('core')
    expect(manifest.dependencies).toEqual(
      name === 'core' ? undefined : { '@session-replay-kit/core': `^${version}` },
    )
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|"source"|\/src\//)
    expect([manifest.devDependencies, manifest.scripts]).toEqual([undefined, undefined])
  })

  it('leads from every door to files that are in it', async () => {
    const { manifest, files } = await openTarball(tarballs[name])
    const targets = Object.values(manifest.exports).flatMap((door) =>
      typeof door === 'string' ? [door] : Object.values(door),
    )
    expect(targets.filter((target) => !files.includes(target.replace('./', '')))).toEqual([])
    expect(Object.keys(manifest.exports)).toEqual(Object.keys(sourceManifest(name).exports))
  })

  it('says what it is, in words that are true without a host of its own', async () => {
    const { manifest } = await openTarball(tarballs[name])
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      engines: { node: '>=18' },
      publishConfig: { access: 'public' },
    })
    expect(manifest.description.length).toBeGreaterThan(20)
    expect(manifest.keywords).toContain('session-replay')
  })
})

it('has the same version in all four', () => {
  expect(new Set(PACKAGES.map((name) => sourceManifest(name).version)).size).toBe(1)
})

it('keeps what is imported for its effect, and lets everything else be dropped', () => {
  expect(sourceManifest('core').sideEffects).toEqual(['./dist/session-replay-kit.min.js', './dist/worker.js'])
  for (const name of ['react', 'vue', 'svelte'] as const) expect(sourceManifest(name).sideEffects).toBe(false)
})

describe('docs/dependencies.md', () => {
  const page = readFileSync(join(ROOT, 'core/docs/dependencies.md'), 'utf8')
  /** Cells of all rows of the table below a heading. */
  const rowsBelow = (heading: string): string[][] => {
    const [, section = ''] = page.split(`## ${heading}\n`)
    const [text = ''] = section.split('\n## ')
    return text
      .split('\n')
      .filter((line) => line.startsWith('| `') || /^\| (core|react|vue|svelte) /.test(line))
      .map((line) =>
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
      )
  }

  it('names every runtime dependency', () => {
    const told = rowsBelow('Installed').map(([name = '', brings = '']) => [name, brings])
    const real = PACKAGES.map((name) => {
      const brought = Object.keys(sourceManifest(name).dependencies ?? {})
      return [`@session-replay-kit/${name}`, brought.join(', ') || 'nothing']
    })
    expect(told).toEqual(real)
  })

  it('names every package whose code is in the built files, with version, licence and reason', async () => {
    const { files, read } = await openTarball(tarballs.core)
    const maps = await Promise.all(files.filter((file) => file.endsWith('.map')).map(read))
    const sources = maps.flatMap((map) => JSON.parse(map).sources as string[])
    const inside = new Set(
      sources.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    )
    const told = rowsBelow('Inside of core')
    expect(told.map(([name]) => name).sort()).toEqual([...inside].sort())
    const licences = await read('THIRD-PARTY-LICENSES.md')
    for (const [name = '', version, licence, why] of told) {
      const installed = JSON.parse(
        await readFile(join(ROOT, 'core/node_modules', name, 'package.json'), 'utf8'),
      )
      expect([version, licence]).toEqual([installed.version, installed.license])
      expect(why).not.toBe('')
      expect(licences).toContain(`## ${name} ${version}\n\n${licence} License\n`)
    }
  })

  it('names every peer with its range', () => {
    const told = rowsBelow('Yours').map(([name, peer, range, why = '']) => [
      name,
      peer,
      range,
      why.startsWith('optional'),
    ])
    const real = PACKAGES.flatMap((name) => {
      const { peerDependencies = {}, peerDependenciesMeta = {} } = sourceManifest(name)
      return Object.entries(peerDependencies).map(([peer, range]) => [
        name,
        peer,
        range,
        peerDependenciesMeta[peer]?.optional === true,
      ])
    })
    expect(told.sort()).toEqual(real.sort())
  })
})
