import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { Plugin } from 'vite'
import { describe, expect, test, vi } from 'vitest'
import { shippedSize } from '../../core/test/support/shipped-size.ts'
import packageJson from '../package.json' with { type: 'json' }

// What users install: the doors, and what each costs.

// Each is a build.
vi.setConfig({ testTimeout: 120_000 })

const ROOT = `${import.meta.dirname}/..`
const external = [
  /^svelte($|\/)/,
  /^esm-env$/,
  /^\$app\//,
  /^@session-replay-kit\/core$/,
  /^@session-replay-kit\/core\/devtools$/,
]
const sizeOf = (code: string) =>
  shippedSize(code, { external, plugins: [svelte({ configFile: false }) as Plugin[]] })

const DOORS = Object.entries(packageJson.exports).flatMap(([door, target]) =>
  typeof target === 'string' ? [] : [[door, target.source] as const],
)

describe('each door', () => {
  // The panel is for development: `./devtools` leads to another file in production.
  test.each(DOORS.filter(([door]) => door !== './devtools'))(
    '%s costs at most 3 kB without core',
    async (_door, source) => {
      const size = await sizeOf(`export * from '${ROOT}/${source}'`)
      expect(size).toBeLessThanOrEqual(3000)
      // Something is left to measure.
      expect(size).toBeGreaterThan(100)
    },
  )

  test('maskProps alone costs at most 300 bytes', async () => {
    expect(await sizeOf(`export { maskProps } from '${ROOT}/src/index.ts'`)).toBeLessThanOrEqual(300)
  })

  test('./devtools is nearly nothing in production', async () => {
    expect(packageJson.exports['./devtools'].default).toBe('./dist/devtools/production.js')
    expect(await sizeOf(`export * from '${ROOT}/src/devtools/production.ts'`)).toBeLessThanOrEqual(120)
  })
})

test('SvelteKit is optional', () => {
  const { peerDependencies, peerDependenciesMeta } = packageJson
  const required = Object.keys(peerDependencies).filter((name) => !(name in peerDependenciesMeta))
  expect(required).toEqual(['svelte'])
})
