import { gunzipSync } from 'node:zlib'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { EventType } from '../../src/types.ts'
import { VERSION } from '../../src/version.ts'
import { KEY, launch, openStage, type Stage, type StageSettings, type WireRequest } from './stage.ts'

// Every request, field by field, as Amplitude's protocol has it. One fixed session of a fixed page.

const STANDALONE = `
  import { init, flush } from '@session-replay-kit/core'
  const FIXED = { deviceId: 'device 1', sessionId: 1700000000000, ...REPLAY }
`
const UPLOAD_HEADERS = /^(accept|authorization|content-encoding|content-type|cookie|x-.*)$/

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

async function play(settings: StageSettings, run: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage(browser, { body: '<h1>Hello</h1>', ...settings })
  try {
    // Whatever the page's own domain knows of its visitor stays with it.
    await stage.context.addCookies([{ name: 'visitor', value: 'secret', domain: '127.0.0.1', path: '/' }])
    await stage.load()
    await run(stage)
  } finally {
    await stage.close()
  }
}

const uploadsIn = ({ wire }: Stage): WireRequest[] => wire.filter(({ url }) => url.startsWith('/sessions/'))
const protocolHeaders = ({ headers }: WireRequest): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => UPLOAD_HEADERS.test(name)))
const textOf = ({ body, headers }: WireRequest): string =>
  (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8')

interface Body {
  version: number
  events: string[]
}

describe.concurrent('uploads of a replay', () => {
  const HEADERS = {
    accept: '*/*',
    authorization: `Bearer ${KEY}`,
    'content-type': 'application/json',
    'x-client-version': VERSION,
    'x-client-sample-rate': '1',
    'x-sampling-hash-alg': 'xxhash32',
  }

  it.for([
    ['standalone', `init(KEY, FIXED)`, 'device+1', 'gzip'],
    ['standalone', `init(KEY, { ...FIXED, useWebWorker: true })`, 'device+1', 'gzip'],
    ['standalone', `init(KEY, { ...FIXED, enableTransportCompression: false })`, 'device+1', undefined],
    [
      'plugin',
      `const amplitude = await import('@amplitude/analytics-browser')
       const { plugin } = await import('@session-replay-kit/core')
       amplitude.add(plugin(REPLAY))
       amplitude.init(KEY, { ...ANALYTICS, deviceId: 'device-2' })`,
      'device-2',
      'gzip',
    ],
  ])('%s: address, headers and body of `%s`', ([library, script, deviceId, encoding], { expect }) =>
    play({ script: `${STANDALONE}\n${script}` }, async (stage) => {
      await stage.collector.waitForUpload()
      await stage.leave()
      const [config] = stage.wire.filter(({ url }) => url.startsWith('/config/'))
      expect(config?.method).toBe('GET')
      expect(config?.url).toBe(`/config/${KEY}?config_group=browser`)
      expect(config && protocolHeaders(config)).toEqual({ accept: '*/*' })

      for (const upload of uploadsIn(stage)) {
        expect(upload.method).toBe('POST')
        const [, sessionId] = /session_id=(\d+)/.exec(upload.url) ?? []
        expect(upload.url).toBe(
          `/sessions/v2/track?device_id=${deviceId}&session_id=${sessionId}&type=replay`,
        )
        if (library === 'standalone') expect(sessionId).toBe('1700000000000')
        expect(protocolHeaders(upload)).toEqual({
          ...HEADERS,
          'x-client-library': `${library}/${VERSION}`,
          'x-client-url': `${stage.origin}/`,
          ...(encoding && { 'content-encoding': encoding }),
        })
        const text = textOf(upload)
        const body = JSON.parse(text) as Body
        expect(Object.keys(body)).toEqual(['version', 'events'])
        expect(body.version).toBe(1)
        expect(body.events.length).toBeGreaterThan(0)
        // The default form of JSON.stringify, without a byte more.
        expect(text).toBe(JSON.stringify(body))
        for (const element of body.events) {
          const event = JSON.parse(element) as Record<string, unknown>
          expect(Object.keys(event)).toEqual(['type', 'timestamp', 'data'])
          expect(element).toBe(JSON.stringify(event))
          expect(event.timestamp).toBeTypeOf('number')
        }
      }
    }),
  )

  it('begin with Meta and FullSnapshot, then the address and the settings', ({ expect }) =>
    play(
      { script: `${STANDALONE} init(KEY, FIXED).promise.then(() => setTimeout(flush, 500))` },
      async (stage) => {
        await stage.collector.waitForUpload(({ decoded }) => decoded.text.includes('debug-info'))
        const events = stage.collector.events()
        const href = `${stage.origin}/`
        expect(events.slice(0, 2).map(({ type }) => type)).toEqual([EventType.Meta, EventType.FullSnapshot])
        expect(events[0]?.data).toEqual({ href, width: 1000, height: 700 })
        expect(Object.keys(events[0]?.data as object)).toEqual(['href', 'width', 'height'])
        expect(Object.keys(events[1]?.data as object)).toEqual(['node', 'initialOffset'])

        const address = events.find(({ type }) => type === EventType.Plugin)
        expect(address?.data).toEqual({
          plugin: 'amplitude/url-tracking@1',
          payload: { href, title: '', viewportHeight: 700, viewportWidth: 1000, type: 'url-change-event' },
        })
        const custom = events.flatMap(({ type, data }) => (type === EventType.Custom ? [data] : []))
        const names = custom.map((data) => (data as { tag: string }).tag)
        expect(names).toEqual(['metadata', 'debug-info'])
        expect(custom[0]).toMatchObject({
          payload: {
            sessionId: 1700000000000,
            sampleRate: 1,
            maskLevel: 'medium',
            storeType: 'idb',
            useWebWorker: false,
            replaySDKType: 'standalone',
            replaySDKVersion: VERSION,
            standaloneSDKType: '@session-replay-kit/core',
            standaloneSDKVersion: VERSION,
            joinedConfig: { sampleRate: 1 },
          },
        })
        // The key is in the headers; a replay is seen by more people than those who may know it.
        expect(JSON.stringify(events)).not.toContain(KEY)
      },
    ))

  it('leave once the session is as long as the server asks, without further activity', ({ expect }) => {
    const shortestMs = 4000
    const sampling = { capture_enabled: true, sample_rate: 1, min_session_duration_ms: shortestMs }
    return play(
      {
        script: `${STANDALONE} init(KEY, FIXED)`,
        remoteConfigs: { sessionReplay: { sr_sampling_config: sampling } },
      },
      async ({ page, collector }) => {
        await collector.waitForUpload()
        const receivedAt = collector.uploads[0]?.receivedAt ?? 0
        const start = await page.evaluate(
          (key) => localStorage[`AMP_SR_START_${key}_1700000000000`],
          KEY.slice(0, 10),
        )
        expect(receivedAt - Number(start)).toBeGreaterThanOrEqual(shortestMs)
      },
    )
  })

  it('carry no more than the first 1000 characters of the address, and none that a rule hides', ({
    expect,
  }) =>
    play(
      {
        script: `${STANDALONE}
          history.replaceState({}, '', '/user/robin?q=' + 'x'.repeat(2000))
          init(KEY, { ...FIXED, interactionConfig: { ugcFilterRules: [
            { selector: location.origin + '/user/*', replacement: location.origin + '/user/:name?' + 'y'.repeat(2000) },
          ] } })`,
      },
      async (stage) => {
        await stage.collector.waitForUpload()
        const sent = uploadsIn(stage)[0]?.headers['x-client-url'] ?? ''
        expect(sent).toHaveLength(1000)
        expect(sent).toMatch(/\/user\/:name\?y+$/)
        expect(JSON.stringify(stage.collector.evidence())).not.toContain('robin')
      },
    ))
})

describe.concurrent('interactions', () => {
  const remoteConfigs = {
    sessionReplay: { sr_sampling_config: {}, sr_interaction_config: { enabled: true, trackEveryNms: 500 } },
  }

  it('travel as objects of their own form', ({ expect }) =>
    play(
      {
        body: '<button id="buy">Buy</button><div style="height:3000px"></div>',
        script: `${STANDALONE} init(KEY, FIXED)`,
        remoteConfigs,
      },
      async (stage) => {
        const { page, collector, origin } = stage
        await collector.waitForUpload()
        await page.mouse.wheel(0, 400)
        await page.waitForFunction(() => window.scrollY === 400)
        await page.evaluate(() => window.scrollTo(0, 0))
        await page.click('#buy')
        // The last scroll is told with the next frame.
        await page.evaluate(
          () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
        )
        await stage.leave()
        await collector.waitForUpload(({ decoded }) => decoded.text.includes('"scroll"'))
        await collector.waitForUpload(
          ({ decoded }) => decoded.text.includes('"click"') && decoded.channel === 'interaction',
        )

        const interactions = uploadsIn(stage).filter(({ url }) => url.includes('type=interaction'))
        for (const { url } of interactions)
          expect(url).toMatch(
            /^\/sessions\/v2\/track\?device_id=device\+1&session_id=1700000000000&type=interaction(&api_key=whole-product-key)?$/,
          )
        for (const upload of interactions) {
          const body = JSON.parse(textOf(upload)) as { version: number; events: unknown[] }
          expect(Object.keys(body)).toEqual(['version', 'events'])
          expect(body.version).toBe(1)
        }
        const [click] = collector.interactions().filter(({ type }) => type === 'click')
        expect(Object.keys(click ?? {})).toEqual([
          'x',
          'y',
          'selector',
          'viewportHeight',
          'viewportWidth',
          'pageUrl',
          'timestamp',
          'type',
          'count',
        ])
        expect(click).toMatchObject({
          selector: '#buy',
          viewportHeight: 700,
          viewportWidth: 1000,
          pageUrl: `${origin}/`,
          type: 'click',
          count: 1,
        })
        const scrolls = collector.interactions().filter(({ type }) => type === 'scroll')
        expect(scrolls).toHaveLength(1)
        expect(Object.keys(scrolls[0] ?? {})).toEqual([
          'maxScrollX',
          'maxScrollY',
          'maxScrollWidth',
          'maxScrollHeight',
          'viewportHeight',
          'viewportWidth',
          'pageUrl',
          'timestamp',
          'type',
        ])
        expect(scrolls[0]).toMatchObject({ maxScrollX: 0, maxScrollY: 400, maxScrollHeight: 1100 })
      },
    ))

  it('are not sent unless the remote configuration asks for them', ({ expect }) =>
    play(
      { body: '<button id="buy">Buy</button>', script: `${STANDALONE} init(KEY, FIXED)` },
      async (stage) => {
        await stage.collector.waitForUpload()
        await stage.page.click('#buy')
        await stage.leave()
        expect(uploadsIn(stage).filter(({ url }) => url.includes('interaction'))).toEqual([])
      },
    ))
})

describe.concurrent('zones', () => {
  it.for([
    ['US', 'api-sr.amplitude.com', 'sr-client-cfg.amplitude.com'],
    ['EU', 'api-sr.eu.amplitude.com', 'sr-client-cfg.eu.amplitude.com'],
  ])('%s has hosts of its own', ([zone, track, config], { expect }) =>
    play(
      {
        vendorHosts: true,
        script: `import { init } from '@session-replay-kit/core'
          init(KEY, { deviceId: 'd', sessionId: 7, sampleRate: 1, serverZone: '${zone}' })`,
      },
      async ({ collector }) => {
        await collector.waitForUpload()
        // The upload is told a moment before its answer.
        await expect.poll(() => collector.requests.length).toBeGreaterThan(1)
        expect(collector.requests.slice(0, 2).map(({ url }) => url)).toEqual([
          `https://${config}/config/${KEY}?config_group=browser`,
          `https://${track}/sessions/v2/track?device_id=d&session_id=7&type=replay`,
        ])
      },
    ),
  )
})
