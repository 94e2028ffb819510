import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import type { PageServer } from '../support/browser.ts'
import { writeComparison } from './comparison.ts'
import { LEVELS, MOMENTS } from './regions.ts'
import { makeVisit, type RecorderName, servePrivatePages } from './visit.ts'

// The same secrets and the same search with other recorders: a suite that finds nothing in ours must find something
// in theirs. By default one visit each; with COMPARE_PRIVACY=1 all, and the table in docs/privacy.md is written anew.

const ALL = process.env.COMPARE_PRIVACY === '1'
const RECORDERS: readonly RecorderName[] = ALL ? ['kit', 'official', 'rrweb'] : ['official', 'rrweb']

let browser: Browser
let server: PageServer
const counts = Object.fromEntries(
  RECORDERS.map((name) => [name, { checks: 0, leaks: 0, wronglyHidden: 0 }]),
) as Record<RecorderName, { checks: number; leaks: number; wronglyHidden: number }>

beforeAll(async () => {
  server = await servePrivatePages()
  const executablePath = findBrowser()
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  for (const [name, { checks, leaks, wronglyHidden }] of Object.entries(counts))
    console.info(`privacy of ${name}: ${checks} checks, ${leaks} leaks, ${wronglyHidden} wrongly hidden`)
  if (ALL) await writeComparison(counts)
})

describe.concurrent.each(RECORDERS)('the suite can tell: %s', (recorder) => {
  describe.each(ALL ? LEVELS : (['medium'] as const))('at level %s', (level) => {
    it.each(ALL ? MOMENTS : (['changed later'] as const))('%s', async (moment) => {
      const visit = { level, moment, worker: false, delivery: 'as usual', logging: true } as const
      const found = await makeVisit(browser, server, { recorder, ...visit })
      counts[recorder].checks += found.checks
      counts[recorder].leaks += found.leaks.length
      counts[recorder].wronglyHidden += found.wronglyHidden.length
      expect(found.amounts.replays).toBeGreaterThan(0)
      if (recorder !== 'kit') expect(found.leaks.length).toBeGreaterThan(0)
      if (process.env.LIST_LEAKS) console.info(recorder, level, moment, found)
    })
  })
})
