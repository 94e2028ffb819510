import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import corePackage from '../package.json' with { type: 'json' }
import { VERSION } from '../src/version.ts'

/**
 * The layer law: imports point towards the words, stages never import each other, and each third-party library has
 * one owner. A folder or file that is not listed fails: decide where it belongs, then add it here.
 */
const SRC = resolve(import.meta.dirname, '../src')
const STAGES = ['config', 'session', 'privacy', 'capture', 'pack', 'store', 'upload']
const LAYERS: string[][] = [
  ['types', 'version'],
  ['errors', 'mask-levels'],
  ['platform'],
  ['false-attributes'],
  [...STAGES, 'props'],
  ['navigation'],
  ['pipeline'],
  ['recorder'],
  ['controller'],
  ['entry', 'proxy'],
  ['index'],
  ['testing'],
]
const OWNERS: Record<string, RegExp> = {
  '@rrweb/record': /^capture\/record\.ts$/,
  fflate: /^pack\/(gzip|gunzip)\.ts$/,
  idb: /^store\/idb\.ts$/,
  '@amplitude/analytics-browser': /^(entry|controller)\//,
}

interface Import {
  file: string
  target: string
}

// Block comments alone: they hold the examples, and a line comment's slashes may as well belong to a URL.
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '')

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  // Fixtures of tests are named `test-…`.
  .filter((path) => /\.ts$/.test(path) && !/\.(test|test-d|d)\.ts$|(^|\/)test-[^/]*$/.test(path))

const imports: Import[] = files.flatMap((file) => {
  const text = withoutComments(readFileSync(join(SRC, file), 'utf8'))
  const found = text.matchAll(/(?:from|import\()\s*'([^']+)'/g)
  return [...found].map(([, target = '']) => ({
    file,
    target: target.startsWith('.')
      ? relative(SRC, resolve(SRC, dirname(file), target)).replaceAll('\\', '/')
      : target,
  }))
})

/** Every source that a door of package.json leads to, read from there so that a new door is not forgotten. */
const sourceDoors = Object.values(corePackage.exports).flatMap((door) =>
  typeof door === 'object' && 'source' in door ? [door.source.replace('./src/', '')] : [],
)

const top = (path: string): string => (path.split('/')[0] ?? '').replace(/\.ts$/, '')
const layerOf = (path: string): number => LAYERS.findIndex((layer) => layer.includes(top(path)))
const isFile = (target: string): boolean => files.includes(target)

describe('architecture', () => {
  it('knows the layer of every file', () => {
    expect(files.filter((file) => layerOf(file) < 0)).toEqual([])
  })

  it('imports only downwards, and never from one stage to another', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!isFile(target)) return false
      if (top(file) === top(target)) return false
      return layerOf(target) >= layerOf(file)
    })
    expect(wrong).toEqual([])
  })

  it('gives each third-party library one owner', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (target.startsWith('.') || isFile(target)) return false
      const name = target.startsWith('@')
        ? target.split('/').slice(0, 2).join('/')
        : (target.split('/')[0] ?? '')
      const owner = OWNERS[name]
      return owner ? !owner.test(file) : !file.startsWith('testing/')
    })
    expect(wrong).toEqual([])
  })

  it('has no import cycles', () => {
    const edges = new Map(
      files.map((file) => [
        file,
        imports.filter((one) => one.file === file && isFile(one.target)).map(({ target }) => target),
      ]),
    )
    const cycles: string[] = []
    const done = new Set<string>()
    const visit = (file: string, path: string[]): void => {
      const at = path.indexOf(file)
      if (at >= 0) cycles.push([...path.slice(at), file].join(' → '))
      if (at >= 0 || done.has(file)) return
      for (const next of edges.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })

  it.each(sourceDoors)('importing %s has no effect and needs no DOM', async (door) => {
    const before = Object.getOwnPropertyNames(globalThis).sort()
    expect('document' in globalThis).toBe(false)
    await import(join(SRC, door))
    expect(Object.getOwnPropertyNames(globalThis).sort()).toEqual(before)
  })

  it('sends the version of package.json', () => {
    expect(VERSION).toBe(corePackage.version)
  })
})
