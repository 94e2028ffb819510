// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { shippedSize } from '../../core/test/support/shipped-size.ts'
import packageJson from '../package.json' with { type: 'json' }

// What users install: the doors, and what each costs.

// Each is a build.
vi.setConfig({ testTimeout: 120_000 })

const ROOT = `${import.meta.dirname}/..`
const external = [
  /^vue($|\/)/,
  /^vue-router$/,
  /^@session-replay-kit\/core$/,
  /^@session-replay-kit\/core\/devtools$/,
]
const sizeOf = (code: string) => shippedSize(code, { external })

const DOORS = Object.entries(packageJson.exports).flatMap(([door, target]) =>
  typeof target === 'string' ? [] : [[door, target.source] as const],
)

describe('each door', () => {
  it.each(DOORS)('%s costs at most 4.3 kB without core', async (_door, source) => {
    const size = await sizeOf(`export * from '${ROOT}/${source}'`)
    expect(size).toBeLessThanOrEqual(4300)
    // Something is left to measure.
    expect(size).toBeGreaterThan(100)
  })

  it('maskProps alone costs at most 300 bytes', async () => {
    expect(await sizeOf(`export { maskProps } from '${ROOT}/src/index.ts'`)).toBeLessThanOrEqual(300)
  })

  it('./devtools is nearly nothing in production', async () => {
    expect(await sizeOf(`export { ReplayDevtools } from '${ROOT}/src/devtools.ts'`)).toBeLessThanOrEqual(200)
  })

  it.each(DOORS)('%s has types, a built file and its source', (_door, source) => {
    const name = source.replace('./src/', '').replace('.ts', '')
    const target = Object.values(packageJson.exports).find(
      (each) => typeof each !== 'string' && each.source === source,
    )
    expect(target).toEqual({ source, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })
  })
})

it('the router is optional', () => {
  const { peerDependencies, peerDependenciesMeta } = packageJson
  const required = Object.keys(peerDependencies).filter((name) => !(name in peerDependenciesMeta))
  expect(required).toEqual(['vue'])
})

it('no file touches the page when it is imported', () => {
  const { sideEffects } = packageJson
  expect(sideEffects).toBe(false)
  expect(readFileSync(`${ROOT}/src/index.ts`, 'utf8')).not.toMatch(/^import '/m)
})
