import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import corePackage from '../package.json' with { type: 'json' }

// What is published, under a plain Node without bundler, DOM or conditions of ours. Needs a build before.

const CORE = join(import.meta.dirname, '..')

/** Names of values behind each door. Types are checked by those who use them. */
const DOORS: Record<string, string[]> = {
  '.': [
    'ReplayError',
    'SessionReplayPlugin',
    'createSessionReplay',
    'evaluateTargetingAndCapture',
    'explain',
    'flush',
    'getSessionId',
    'getSessionReplayProperties',
    'init',
    'plugin',
    'sessionReplayPlugin',
    'setSessionId',
    'shutdown',
    'start',
    'stop',
  ],
  './unified': ['initAll', 'sessionReplay'],
  './testing': [
    'EventType',
    'IncrementalSource',
    'createFakeAmplitude',
    'createFakeRecorder',
    'createFakeReplay',
    'createIntake',
    'createTestCollector',
    'decodeUpload',
    'findLeaks',
    'flushController',
    'outlineOf',
    'rebuildOutlines',
    'recordedText',
    'replayMatchers',
    'secretsPage',
    'unpackBody',
  ],
  './proxy': ['createReplayProxy', 'toNodeHandler'],
  './script': [],
  './worker': [],
}

const importDoor = (door: string): string[] => {
  const specifier = door.replace('.', corePackage.name)
  const code = `import(${JSON.stringify(specifier)}).then((all) => console.log(JSON.stringify(Object.keys(all).sort())))`
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: CORE, encoding: 'utf8' }),
  )
}

describe('published doors', () => {
  it.each(Object.entries(corePackage.exports))('%s leads to files that exist', (_, door) => {
    const files = typeof door === 'string' ? [door] : [door.types, door.default]
    expect(files.filter((file) => !existsSync(join(CORE, file)))).toEqual([])
  })

  it.each(Object.entries(DOORS))('%s can be imported and has its names', (door, names) => {
    expect(importDoor(door)).toEqual(names)
  })

  it.each(
    Object.entries(corePackage.exports).flatMap(([door, to]) =>
      typeof to === 'object' && !(door in DOORS) ? [door] : [],
    ),
  )('%s can be imported', (door) => {
    expect(importDoor(door).length).toBeGreaterThan(0)
  })
})
