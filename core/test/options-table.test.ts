import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { README, readOptions, withOptionsTables } from '../scripts/options-table.mjs'
import { resolveOptions } from '../src/config/resolve-options.ts'

const options = readOptions()
const resolved = resolveOptions({}, () => {}) as unknown as Record<string, unknown>

/** What an option is when nobody sets it. */
const unset = (name: string): unknown =>
  name
    .replace('interactionConfig.', '')
    .split('.')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], resolved)

/**
 * Resolved into something else: no privacy options at all mean the medium level, the zone falls back to that of the
 * Browser SDK, the older place of an option is read into the newer one, and "not set" has a name of its own inside.
 */
const RESOLVED_ELSEWHERE = [
  'privacyConfig',
  'privacyConfig.defaultMaskLevel',
  'serverZone',
  'experimental.useWebWorker',
  'eagerFullSnapshotSend',
]

/** What resolving adds, and the rules out of `interactionConfig`. */
const OURS = ['invalid', 'ugcFilterRules']

describe('options table', () => {
  it('is in the README as the code has it (else run `node core/scripts/options-table.mjs`)', () => {
    const readme = readFileSync(README, 'utf8')
    expect(readme).toBe(withOptionsTables(readme))
  })

  it('has a sentence for every option', () => {
    expect(options.length).toBeGreaterThan(50)
    expect(options.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([])
  })

  it.each(
    options.filter(
      ({ door, default: stated, name }) =>
        door !== 'ControllerOptions' && stated !== '' && !RESOLVED_ELSEWHERE.includes(name),
    ),
  )('$name is $default when nobody sets it', ({ name, default: stated }) => {
    const value = unset(name)
    expect(typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? 'undefined')).toBe(stated)
  })

  it('is about every option that is read', () => {
    const documented = new Set(options.map(({ name }) => name.split('.')[0]))
    expect(Object.keys(resolved).filter((name) => !OURS.includes(name) && !documented.has(name))).toEqual([])
  })
})
