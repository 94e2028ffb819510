import { type Browser, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import type { PrivacyConfig } from '../../src/types.ts'
import type { PageServer } from '../support/browser.ts'
import { searchEvidence } from './evidence.ts'
import type { StorageDump } from './pages/private-page.ts'
import { createSecrets } from './regions.ts'
import { openStage, RECORD_ALL, type Stage, servePrivatePages } from './visit.ts'

// When nothing may be recorded: paused, opted out, not sampled, not allowed. And what counts when settings come late.

const PLUGIN = '@amplitude/plugin-session-replay-browser'
const EVERYTHING = {
  ...RECORD_ALL,
  sr_logging_config: { console: { enabled: true, levels: ['error'] }, network: { enabled: true } },
}

let browser: Browser
let server: PageServer
let stage: Stage
const dumps: StorageDump[] = []
const secret = createSecrets()

beforeAll(async () => {
  server = await servePrivatePages()
  const executablePath = findBrowser()
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})
beforeEach(async () => {
  dumps.length = 0
  stage = await openStage(browser, server, EVERYTHING)
  await stage.page.goto(`${stage.site}/account`)
})
afterEach(() => stage.close())

const spill = (word: string): Promise<void> => stage.page.evaluate((one) => privatePage.spill(one), word)
const mopUp = (): Promise<void> => stage.page.evaluate(() => privatePage.mopUp())
/** Longer than anything waits before it is packed and on disk. */
const settle = async (): Promise<void> => {
  await stage.page.waitForTimeout(1500)
  dumps.push(await stage.dump())
}
/** Recording has begun: a first snapshot leaves at once. `starting` makes it begin. */
const begun = async (starting: () => Promise<unknown>): Promise<void> => {
  const uploads = () =>
    stage.post.letters.filter(({ accepted, url }) => accepted && url.includes('/track')).length
  const before = uploads()
  await starting()
  await expect.poll(uploads, { timeout: 30_000 }).toBeGreaterThan(before)
}
const leave = async (): Promise<void> => {
  dumps.push((await stage.leave()).dump)
}
const found = () => {
  const { anywhere, recorded, amounts } = searchEvidence(stage.post.letters, dumps)
  return { anywhere: new Map(anywhere), recorded, amounts }
}
const expectNowhere = (word: string): void => {
  expect(found().anywhere.get(word.toLowerCase())).toBeUndefined()
}
const expectRecorded = (word: string): void => {
  expect([...found().recorded]).toContain(word.toLowerCase())
}

describe('paused', () => {
  beforeEach(async () => {
    await begun(() => stage.start({}))
  })

  it('what was on the page only in between is nowhere, and afterwards all is recorded again', async () => {
    const [before, between, after] = [secret(), secret(), secret()]
    await spill(before)
    await stage.page.evaluate((name) => privatePage.analytics().remove(name).promise, PLUGIN)
    await spill(between)
    await settle()
    await mopUp()
    await begun(() => stage.page.evaluate(() => privatePage.analytics().add(replayPlugin as never).promise))
    await spill(after)
    await settle()
    await leave()
    expectNowhere(between)
    expectRecorded(before)
    expectRecorded(after)
  })

  it('what was on the page when it was left is nowhere', async () => {
    const [before, between] = [secret(), secret()]
    await spill(before)
    await stage.page.evaluate((name) => privatePage.analytics().remove(name).promise, PLUGIN)
    await mopUp()
    await spill(between)
    await leave()
    expectNowhere(between)
    expectRecorded(before)
  })

  it('paused by stop() and started again, what was there in between is nowhere', async () => {
    const [between, after] = [secret(), secret()]
    await stage.page.evaluate(() => replayPlugin.stop())
    await spill(between)
    await settle()
    await mopUp()
    await stage.page.evaluate(() => replayPlugin.start())
    await spill(after)
    await settle()
    await leave()
    expectNowhere(between)
    expectRecorded(after)
  })
})

describe('opted out at run time', () => {
  it('nothing of what follows is anywhere, also on focus, tracked events and leaving', async () => {
    await begun(() => stage.start({}))
    const after = secret()
    await stage.page.evaluate(() => privatePage.analytics().setOptOut(true))
    await spill(after)
    await stage.page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await stage.page.evaluate(() => void privatePage.analytics().track('Pressed'))
    await settle()
    await leave()
    expectNowhere(after)
  })

  it('what was not sent by then is forgotten, on disk as well', async () => {
    const more = { flushIntervalConfig: { minIntervalMs: 60_000, maxIntervalMs: 60_000 } }
    await begun(() => stage.start({ more }))
    const before = secret()
    await spill(before)
    const stored = async () => [...searchEvidence([], [await stage.dump()]).anywhere.keys()]
    await expect.poll(stored, { timeout: 30_000 }).toContain(before.toLowerCase())
    await stage.page.evaluate(() => privatePage.analytics().setOptOut(true))
    await settle()
    await leave()
    expectNowhere(before)
  })

  it('opting in again records what is there then, and nothing from before', async () => {
    await stage.start({})
    await stage.page.evaluate(() => privatePage.analytics().setOptOut(true))
    const [between, after] = [secret(), secret()]
    await spill(between)
    await settle()
    await mopUp()
    await stage.page.evaluate(() => privatePage.analytics().setOptOut(false))
    await spill(after)
    await settle()
    await leave()
    expectNowhere(between)
    expectRecorded(after)
  })
})

describe('never allowed', () => {
  const cases: [string, () => void, object][] = [
    ['not sampled', () => configure({ sr_sampling_config: {} }), { sampleRate: 0 }],
    [
      'not sampled by the server',
      () => configure({ sr_sampling_config: { capture_enabled: true, sample_rate: 0 } }),
      {},
    ],
    [
      'capture switched off',
      () => configure({ sr_sampling_config: { capture_enabled: false, sample_rate: 1 } }),
      {},
    ],
    ['a targeting rule that does not match', () => configure({ sr_targeting_config: NOBODY }), {}],
    [
      'no settings for the project',
      () => {
        stage.post.configs = {}
      },
      {},
    ],
    [
      'settings refused',
      () => {
        stage.post.answers = { config: { kind: 'refuse', status: 403 } }
      },
      {},
    ],
    [
      'settings out of reach',
      () => {
        stage.post.answers = { config: { kind: 'refuse', status: 500 } }
      },
      {},
    ],
    [
      'settings that never come',
      () => {
        stage.post.answers = { config: { kind: 'hang' } }
      },
      {},
    ],
    [
      'a URL rule that cannot be read',
      () => {},
      { more: { interactionConfig: { ugcFilterRules: [{ selector: 1 }] } } },
    ],
    ['a block list that cannot be read', () => {}, { more: { privacyConfig: { blockSelector: [7] } } }],
  ]
  const configure = (change: object): void => {
    stage.post.configs = { sessionReplay: { ...EVERYTHING, ...change } }
  }

  it.each(cases)('%s: the page is nowhere at all', async (_, prepare, options) => {
    prepare()
    const [before, after] = [secret(), secret()]
    await spill(before)
    // Not awaited: it waits for settings, also for those that never come.
    let failure: unknown
    stage.start(options).catch((cause) => {
      failure = cause
    })
    await stage.page.waitForFunction('globalThis.replayPlugin !== undefined')
    await spill(after)
    await settle()
    expect(failure).toBeUndefined()
    await leave()
    expect(found().amounts.replays).toBe(0)
    expectNowhere(before)
    expectNowhere(after)
    expect(dumps.flatMap(({ databases }) => databases.filter(({ store }) => store === 'batches'))).toEqual([])
  })
})

/** Matches no page. */
const NOBODY = {
  key: 'sr_targeting_config',
  variants: { on: { key: 'on' }, off: { key: 'off' } },
  segments: [
    {
      variant: 'on',
      conditions: [[{ selector: ['context', 'page', 'url'], op: 'is', values: ['https://nobody.test/'] }]],
    },
    { variant: 'off' },
  ],
}

describe('settings that come late', () => {
  it('what the server masks and blocks is hidden from the first event on', async () => {
    const [masked, blocked, open, unmasked] = [secret(), secret(), secret(), secret()]
    stage.post.configs = {
      sessionReplay: {
        ...EVERYTHING,
        sr_privacy_config: {
          maskSelector: ['.theirs'],
          blockSelector: ['.gone'],
          unmaskSelector: ['.customer'],
          defaultMaskLevel: 'conservative',
        },
      },
    }
    let answer = (): void => {}
    stage.post.configGate = new Promise((resolve) => {
      answer = resolve
    })
    await stage.page.evaluate(
      ([a, b, c, d]) => {
        document.body.insertAdjacentHTML(
          'beforeend',
          `<p class="theirs public">${a}</p><p class="gone">${b}</p><p>${c}</p><p class="customer">${d}</p>`,
        )
      },
      [masked, blocked, open, unmasked],
    )
    const started = stage.start({ level: 'light' })
    // Asked, and not answered: the settings are what is waited for.
    await expect.poll(() => stage.post.letters.some(({ url }) => url.startsWith('/config/'))).toBe(true)
    dumps.push(await stage.dump())
    answer()
    await started
    await settle()
    await leave()
    // The remote level replaces the local one; a remote unmask takes a local mask of the same selector back.
    for (const word of [masked, blocked, open]) expectNowhere(word)
    expectRecorded(unmasked)
  })

  it('a server that is lighter shows no more than local marks allow', async () => {
    const [masked, open] = [secret(), secret()]
    stage.post.configs = {
      sessionReplay: {
        ...EVERYTHING,
        sr_privacy_config: { defaultMaskLevel: 'light', unmaskSelector: ['p'] },
      },
    }
    await stage.page.evaluate(
      ([a, b]) => {
        document.body.insertAdjacentHTML('beforeend', `<p class="customer">${a}</p><p>${b}</p>`)
      },
      [masked, open],
    )
    await stage.start({ level: 'conservative' })
    await settle()
    await leave()
    expectNowhere(masked)
    expectRecorded(open)
  })
})

describe('marks that come late', () => {
  it.each(['amp-mask', 'amp-block', 'customer', 'internal'])(
    'after class %s is set, what changes in the same task is hidden',
    async (mark) => {
      const [before, after, added, later] = [secret(), secret(), secret(), secret()]
      await stage.page.evaluate((word) => {
        document.body.insertAdjacentHTML('beforeend', `<section id="late"><p>${word}</p></section>`)
      }, before)
      await begun(() => stage.start({}))
      await stage.page.evaluate(
        ([name, one, two]) => {
          const late = document.querySelector('#late') as HTMLElement
          late.className = name as string
          ;(late.firstElementChild?.firstChild as Text).data = one as string
          late.insertAdjacentHTML('beforeend', `<b>${two}</b>`)
        },
        [mark, after, added],
      )
      await settle()
      await stage.page.evaluate((word) => {
        const late = document.querySelector('#late') as HTMLElement
        // What stays is shown again once nothing hides it any more.
        late.replaceChildren()
        late.className = ''
        late.insertAdjacentHTML('beforeend', `<i>${word}</i>`)
      }, later)
      await settle()
      await leave()
      expectRecorded(before)
      expectRecorded(later)
      expectNowhere(after)
      expectNowhere(added)
    },
  )

  it('a page that becomes strict shows nothing that comes with the new address', async () => {
    const [before, after] = [secret(), secret()]
    const privacyConfig: PrivacyConfig = {
      defaultMaskLevel: 'light',
      urlMaskLevels: [{ match: '*/bank**', maskLevel: 'conservative' }],
    }
    await begun(() => stage.start({ more: { privacyConfig } }))
    await stage.page.evaluate(
      (word) => document.body.insertAdjacentHTML('beforeend', `<p>${word}</p>`),
      before,
    )
    await stage.page.evaluate((word) => {
      history.pushState(null, '', '/bank?account=1')
      document.body.insertAdjacentHTML('beforeend', `<p>${word}</p>`)
    }, after)
    await settle()
    await leave()
    // Both came in one task with the new address for all that the recorder can tell of the second.
    expectNowhere(after)
    expectRecorded(before)
  })
})
