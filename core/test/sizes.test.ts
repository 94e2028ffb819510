import { describe, expect, it } from 'vitest'
import { entrySizes } from '../bench/build.mjs'

// What an app pays for each door before a session is chosen for recording, built as an app builds. Needs a build
// before. A limit may grow only for a reason that users would agree with.

const CORE = '@session-replay-kit/core'

const LIMITS: [door: string, source: string, gzipBytes: number][] = [
  ['sessionReplayPlugin', `export { sessionReplayPlugin } from '${CORE}'`, 15_000],
  ['createSessionReplay', `export { createSessionReplay } from '${CORE}'`, 27_000],
  ['init and its functions', `export { init, setSessionId, flush, shutdown } from '${CORE}'`, 15_000],
]

describe('what a door weighs, minified and gzipped', () => {
  it.each(LIMITS)('%s', { timeout: 120_000 }, async (_, source, gzipBytes) => {
    const { gzip } = await entrySizes(source)
    expect(gzip).toBeLessThanOrEqual(gzipBytes)
  })
})
