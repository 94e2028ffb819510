import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordedText } from '../../src/testing/index.ts'
import { KEY, launch, openStage, type Stage } from './stage.ts'

// Pages with a strict Content-Security-Policy, and visitors with a blocker. Addresses are the vendor's own.

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

const CONFIG = 'https://sr-client-cfg.amplitude.com/config/'
const UPLOADS = 'https://api-sr.amplitude.com/sessions/v2/track'
/** Nothing inline, nothing from a blob, requests to the two endpoints only. */
const strict = (connect: string, more: string): Record<string, string> => ({
  'Content-Security-Policy': `default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src ${connect}; ${more}`,
})

const ANALYTICS = 'https://api2.amplitude.com/2/httpapi'
const VIOLATIONS = `const violations = []
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    violations.push(effectiveDirective + ' ' + blockedURI))
  addEventListener('click', () => document.body.append('clicked'))`

/** How the kit comes into the page: as a controller in an app's bundle, or as a file of its own. */
const DOORS = {
  module: {
    'strict.html': `<script type="module" src="/page.js"></script>`,
    'page.js': (options: string) =>
      `import { createSessionReplay } from '/kit/index.js'
       import * as amplitude from '/analytics.js'
       ${VIOLATIONS}
       const kit = createSessionReplay({ amplitude, sampleRate: 1, ${options} })
       Object.assign(window, { violations, kit })
       kit.start()
       amplitude.init('${KEY}', { fetchRemoteConfig: false, autocapture: false })`,
  },
  script: {
    'strict.html': `<script src="/kit.min.js"></script><script src="/page.js"></script>`,
    'page.js': (options: string) =>
      `${VIOLATIONS}
       Object.assign(window, { violations, kit: sessionReplay })
       sessionReplay.init('${KEY}', {
         deviceId: 'device-1', sessionId: 1700000000000, sampleRate: 1, ${options}
       })`,
  },
}

interface Page {
  violations: string[]
  kit: {
    flush(): Promise<void>
    explain?(): { sentence: string; recorder: { delivery: Delivery | null } }
  }
}

interface Delivery {
  packer: string
  upload: { trouble: string | null }
}

interface Visit {
  stage: Stage
  violations(): Promise<string[]>
  /** What the controller says. */
  explain(): Promise<{ sentence: string; packer?: string; trouble?: string | null }>
}

interface VisitSettings {
  options?: string
  connect?: string
  /** Further directives. */
  more?: string
  /** Addresses that a blocker stops from the start. */
  blocked?: RegExp
}

async function visit(
  door: keyof typeof DOORS,
  { options = '', connect = `${CONFIG} ${UPLOADS} ${ANALYTICS}`, more = '', blocked }: VisitSettings,
  run: (visit: Visit) => Promise<void>,
): Promise<void> {
  const body = DOORS[door]
  const stage = await openStage(browser, {
    vendorHosts: true,
    headers: strict(connect, more),
    files: {
      '/strict.html': `<!doctype html><meta charset="utf-8"><title>Strict</title><h1>Strict page</h1>${body['strict.html']}`,
      '/page.js': body['page.js'](options),
    },
  })
  try {
    if (blocked) await stage.context.route(blocked, (route) => route.abort('blockedbyclient'))
    await stage.page.goto(`${stage.origin}/strict.html`)
    await run({
      stage,
      violations: () => stage.page.evaluate(() => (window as unknown as Page).violations),
      explain: () =>
        stage.page.evaluate(() => {
          const explanation = (window as unknown as Page).kit.explain?.()
          if (!explanation) throw new Error('the script tag has no controller')
          const { sentence, recorder } = explanation
          return { sentence, packer: recorder.delivery?.packer, trouble: recorder.delivery?.upload.trouble }
        }),
    })
  } finally {
    await stage.close()
  }
}

/** Waits until a snapshot and a change after it have arrived. */
async function recorded({ page, collector }: Stage): Promise<void> {
  await collector.waitForUpload(({ decoded }) => decoded.channel === 'replay', 20_000)
  await page.click('h1')
  await page.evaluate(() => (window as unknown as Page).kit.flush())
  await collector.waitForUpload(() => recordedText(collector.events()).includes('clicked'), 20_000)
}

describe.concurrent('a strict policy', () => {
  it.for([
    ['module', 'useWebWorker: true', 'file'],
    ['module', `useWebWorker: true, workerUrl: '/kit/worker.js'`, 'file'],
    ['script', `useWebWorker: true, workerUrl: '/kit/worker.js'`, 'file'],
    ['module', 'useWebWorker: false', 'main'],
    ['script', '', 'main'],
  ] as const)(
    '%s with { %s } records, packs in: %s, and breaks no rule',
    ([door, options, packer], { expect }) =>
      visit(door, { options }, async ({ stage, violations, explain }) => {
        await recorded(stage)
        expect(await violations()).toEqual([])
        if (door === 'module') expect(await explain()).toMatchObject({ packer, trouble: null })
        expect(stage.page.workers().map((worker) => new URL(worker.url()).pathname)).toEqual(
          packer === 'file' ? ['/kit/worker.js'] : [],
        )
        expect([...stage.said, ...stage.uncaught]).toEqual([])
      }),
  )

  it.for([
    ['is allowed: a file packs', 'session-replay-kit', 'file'],
    ['is forbidden: the page packs itself', `'none'`, 'main'],
  ] as const)('requires trusted types, and our policy %s', ([, policies, packer], { expect }) => {
    const options = `useWebWorker: true, workerUrl: '/kit/worker.js'`
    const more = `require-trusted-types-for 'script'; trusted-types ${policies}`
    return visit('module', { options, more }, async ({ stage, violations, explain }) => {
      await recorded(stage)
      expect(await explain()).toMatchObject({ packer, trouble: null })
      const broken = (await violations()).filter((line) => !line.startsWith('trusted-types'))
      expect(broken).toEqual([])
      expect(stage.uncaught).toEqual([])
    })
  })

  it('forbids a worker that has no file: the page packs itself, and one line says so', ({ expect }) =>
    visit('script', { options: 'useWebWorker: true' }, async ({ stage }) => {
      await recorded(stage)
      expect(stage.page.workers()).toEqual([])
      const ours = stage.said.filter((line) => line.includes('Session Replay'))
      expect(ours).toEqual([expect.stringMatching(/workerUrl.*worker-src.*useWebWorker/)])
      expect(stage.uncaught).toEqual([])
    }))

  it('forbids uploads: one line names the address and the remedies, and explain() says it', ({ expect }) =>
    visit('module', { connect: `${CONFIG} ${ANALYTICS}` }, async ({ stage, violations, explain }) => {
      await expect.poll(explain, { timeout: 20_000 }).toMatchObject({ trouble: expect.any(String) })
      expect(await violations()).toContainEqual(expect.stringContaining(`connect-src ${UPLOADS}`))
      // Enough tries for the general line, which is not to follow.
      await expect.poll(async () => (await violations()).length, { timeout: 40_000 }).toBeGreaterThan(3)
      const ours = stage.said.filter((line) => line.includes('Session Replay'))
      expect(ours).toEqual([
        expect.stringMatching(/Content-Security-Policy blocks .*connect-src.*createReplayProxy/),
      ])
      expect((await explain()).sentence).toMatch(/^recorded as .*Content-Security-Policy blocks/)
    }))

  it('forbids settings: nothing is recorded, and one line names the remedies', ({ expect }) =>
    visit('module', { connect: `${UPLOADS} ${ANALYTICS}` }, async ({ stage, violations, explain }) => {
      await expect
        .poll(async () => (await explain()).sentence, { timeout: 20_000 })
        .toMatch(/^not recorded.*cannot be reached/)
      // All tries of a page that waits, for each of which a line could come.
      await expect.poll(async () => (await violations()).length, { timeout: 20_000 }).toBeGreaterThan(3)
      const ours = stage.said.filter((line) => line.includes('Session Replay'))
      expect(ours).toEqual([
        expect.stringMatching(
          /Content-Security-Policy blocks https:\/\/sr-client-cfg\.amplitude\.com\/config.*connect-src.*configServerUrl.*proxy/,
        ),
      ])
      expect(stage.collector.uploads).toEqual([])
    }))
})

it('an ad blocker that stops settings: nothing is recorded, and one line names the proxy', async () => {
  await visit('script', { blocked: /sr-client-cfg\.amplitude\.com/ }, async ({ stage }) => {
    await expect
      .poll(() => stage.said.filter((line) => line.includes('Session Replay')), { timeout: 20_000 })
      .toEqual([
        expect.stringMatching(/nothing is recorded.*cannot be reached.*blocker.*configServerUrl.*proxy/),
      ])
    expect(stage.collector.uploads).toEqual([])
  })
})

it('an ad blocker is suspected after three tries, with the remedy, and what was kept is sent without it', async () => {
  await visit('module', { options: 'flushMaxRetries: 2' }, async ({ stage, explain }) => {
    let blocked = 0
    const isUpload = /api-sr\.amplitude\.com/
    await stage.context.route(isUpload, (route) => {
      blocked += 1
      return route.abort('blockedbyclient')
    })
    await expect.poll(async () => (await explain()).trouble, { timeout: 40_000 }).toMatch(/ad blocker/)
    expect(blocked).toBeGreaterThanOrEqual(3)
    const ours = stage.said.filter((line) => line.includes('Session Replay'))
    expect(ours).toEqual([expect.stringMatching(/ad blocker.*createReplayProxy.*kept/)])
    expect((await explain()).sentence).toMatch(/^recorded as .*ad blocker/)

    await stage.context.unroute(isUpload)
    await recorded(stage)
    expect((await explain()).trouble).toBeNull()
    expect(recordedText(stage.collector.events())).toContain('Strict page')
  })
})
