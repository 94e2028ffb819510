import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import type { PageServer } from '../support/browser.ts'
import { LEVELS, MOMENTS } from './regions.ts'
import { makeVisit, servePrivatePages } from './visit.ts'

// A secret in every place, under every marker, at every level and moment; then everything that was sent or stored is
// searched for it.

let browser: Browser
let server: PageServer
const total = { checks: 0, leaks: 0, wronglyHidden: 0 }

beforeAll(async () => {
  server = await servePrivatePages()
  const executablePath = findBrowser()
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  console.info(`privacy: ${total.checks} checks, ${total.leaks} leaks, ${total.wronglyHidden} wrongly hidden`)
})

const WAYS = [
  { worker: true, delivery: 'as usual', logging: true },
  { worker: false, delivery: 'on leaving', logging: false },
] as const

/** `PRIVACY_FULL=1`: every channel under every form of a marker at every moment, in three times the time. */
const TURNS = process.env.PRIVACY_FULL ? [1, 2, 3] : [1]
const VISITS = MOMENTS.flatMap((moment) => TURNS.map((turn) => ({ moment, turn })))

describe.concurrent.each(WAYS)('with worker $worker, sent $delivery, logging $logging', (way) => {
  describe.each(LEVELS)('at level %s', (level) => {
    it.each(VISITS)(
      'nothing private leaves and nothing is hidden wrongly, $moment, turn $turn',
      async (turn) => {
        const visit = { recorder: 'kit', level, ...turn, ...way } as const
        const { checks, leaks, wronglyHidden, amounts } = await makeVisit(browser, server, visit)
        total.checks += checks
        total.leaks += leaks.length
        total.wronglyHidden += wronglyHidden.length
        expect({ leaks, wronglyHidden }).toEqual({ leaks: [], wronglyHidden: [] })
        // The search had something to search.
        expect(amounts.replays).toBeGreaterThan(0)
        expect(amounts.clicks).toBeGreaterThan(0)
        if (way.delivery === 'on leaving') {
          expect(amounts.storedBytes).toBeGreaterThan(10_000)
          expect(amounts.exitRequests).toBeGreaterThan(0)
        }
      },
    )
  })
})
