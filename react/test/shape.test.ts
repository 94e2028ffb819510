// @vitest-environment node
import { readFileSync } from 'node:fs'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { shippedSize } from '../../core/test/support/shipped-size.ts'
import packageJson from '../package.json' with { type: 'json' }

// What users install: the doors, their directives and what each costs.

const ROOT = `${import.meta.dirname}/..`
const NOT_OURS = [/^react($|\/)/, /^react-router/, /^@tanstack\//, /^next\//]
const CORE = /^@session-replay-kit\/core$/

const DOORS = Object.entries(packageJson.exports).flatMap(([door, target]) =>
  typeof target === 'string' ? [] : [[door, target.source] as const],
)

const sizeOf = (code: string) => shippedSize(code, { external: [...NOT_OURS, CORE] })

describe('each door', () => {
  it.each(DOORS)('%s costs at most 3 kB without core', async (_door, source) => {
    expect(await sizeOf(`export * from '${ROOT}/${source}'`)).toBeLessThanOrEqual(3000)
  })

  it('maskProps alone costs at most 300 bytes', async () => {
    expect(await sizeOf(`export { maskProps } from '${ROOT}/src/props.ts'`)).toBeLessThanOrEqual(300)
  })

  it('./devtools is nearly nothing in production', async () => {
    expect(await sizeOf(`export { ReplayDevtools } from '${ROOT}/src/devtools.ts'`)).toBeLessThanOrEqual(120)
  })

  it.each(DOORS)('%s has types, a built file and its source', (_door, source) => {
    const name = source.replace('./src/', '').replace('.ts', '')
    const target = Object.values(packageJson.exports).find(
      (each) => typeof each !== 'string' && each.source === source,
    )
    expect(target).toEqual({ source, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })
  })
})

describe('the build', () => {
  let files: Map<string, string>
  beforeAll(async () => {
    const result = (await build({
      configFile: `${ROOT}/vite.config.ts`,
      logLevel: 'silent',
      build: { write: false },
    })) as Rolldown.RolldownOutput[]
    const chunks = result.flatMap(({ output }) => output)
    files = new Map(chunks.flatMap((chunk) => ('code' in chunk ? [[chunk.fileName, chunk.code]] : [])))
  })

  it.each(['index.js', 'react-router.js', 'next.js', 'devtools.js'])(
    "%s begins with 'use client'",
    (file) => {
      expect(files.get(file)).toMatch(/^["']use client["'];?\n/)
    },
  )

  it.each(['props.js', 'privacy.js', 'tanstack-router.js'])('%s is for servers too', (file) => {
    expect(files.get(file)).toBeDefined()
    expect(files.get(file)).not.toContain('use client')
    expect(files.get(file)).not.toMatch(/\buse(Context|State|Memo|Effect)\b/)
  })

  it('has one context, whichever door is used', () => {
    const makers = [...files.values()].filter((code) => code.includes('createContext(null)'))
    expect(makers).toHaveLength(1)
  })

  it('imports core, React and routers instead of holding them', () => {
    const imports = [...files.values()].flatMap((code) => [...code.matchAll(/from "([^."][^"]*)"/g)])
    const names = new Set(imports.map(([, name = '']) => name))
    expect([...names].sort()).toEqual([
      '@session-replay-kit/core',
      '@session-replay-kit/core/props',
      'next/navigation',
      'react',
      'react-router',
      'react/jsx-runtime',
    ])
  })
})

it('the routers are optional', () => {
  const { peerDependencies, peerDependenciesMeta } = packageJson
  const required = Object.keys(peerDependencies).filter((name) => !(name in peerDependenciesMeta))
  expect(required).toEqual(['react'])
})

it('the README tells the true sizes', async () => {
  const readme = readFileSync(`${ROOT}/README.md`, 'utf8')
  const [, told = ''] = /(\d\.\d) kB/.exec(readme) ?? []
  const size = (await sizeOf(`export * from '${ROOT}/src/index.ts'`)) / 1000
  expect(Math.abs(Number(told) - size)).toBeLessThanOrEqual(0.15)
})
