import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { patchRecorder, rrwebPatches } from './rrweb-patches.ts'

const require = createRequire(import.meta.url)
const recorderPath = require.resolve('@rrweb/record').replace(/record\.cjs$/, 'record.js')
const published = readFileSync(recorderPath, 'utf8')

it('matches the installed recorder', () => {
  expect(() => patchRecorder(published, '/room.ts')).not.toThrow()
})

it('names the change that no longer fits an upgraded recorder', () => {
  const upgraded = published.replace('function patch(', 'function patchAnything(')
  expect(() => patchRecorder(upgraded, '/room.ts')).toThrow(/function patch.*matches 0 times, not 1/)
})

it('touches the recorder and nothing else', () => {
  const { transform } = rrwebPatches()
  expect(transform(published, recorderPath)?.code).toContain('rrweb-room.ts')
  expect(transform(published, '/app/node_modules/other/record.js')).toBeNull()
})

it('leaves no timer, console or listener of the recorder that its room does not own', () => {
  const { transform } = rrwebPatches()
  const code = transform(published, recorderPath)?.code ?? ''
  const imported = /^import \{ ([^}]+) \}/.exec(code)?.[1]?.split(', ') ?? []
  for (const name of ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'console', 'on', 'patch'])
    expect(imported).toContain(name)
  expect(code).not.toMatch(/\bsetInterval\(|window\.setTimeout|globalThis\.setTimeout/)
})
