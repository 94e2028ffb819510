import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect } from 'vitest'
import { findBrowser, NO_BROWSER } from '../../setup/find-browser.mjs'
import { type ServedCollector, serveCollector } from './collector.ts'
import type { Report } from './visit.ts'

/** A browser and a collector for the tests of one file; called at its top. */
export function createStage(): { browser: Browser; collector: ServedCollector } {
  const stage = {} as { browser: Browser; collector: ServedCollector }
  beforeAll(async () => {
    const executablePath = findBrowser()
    if (!executablePath) throw new Error(NO_BROWSER)
    stage.browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-background-networking'],
    })
    stage.collector = await serveCollector()
  })
  afterAll(async () => {
    await stage.browser?.close()
    await stage.collector?.close()
  })
  return stage
}

/**
 * What holds for every app; that no secret was sent or stored was seen to during the visit. `known`: a complaint that the
 * app has without the kit.
 */
export function expectPrivate(report: Report, known?: string): void {
  expect(report.complaints.filter((complaint) => complaint !== known)).toEqual([])
  expect(report.navigations).toBeGreaterThanOrEqual(18)
  expect(report.recordedMeanwhile).toBe(0)
  expect(report.differences).toEqual([])
  expect(report.resumedAfterMs.length).toBeGreaterThanOrEqual(8)
  expect(report.resumedAfterMs.filter((ms) => !Number.isFinite(ms))).toEqual([])
  console.info(`${report.navigations} navigations, resumed after ${report.resumedAfterMs.join(', ')} ms`)
}
