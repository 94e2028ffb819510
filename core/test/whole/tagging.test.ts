import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { sampleDraw } from '../../src/session/sampling.ts'
import { KEY, launch, openStage, type Stage, type StageSettings } from './stage.ts'

// Which analytics events carry the replay's id, and what becomes of the recording, inside the real Browser SDK.

const ID = '[Amplitude] Session Replay ID'
const DEBUG = '[Amplitude] Session Replay Debug'
// Of a moment ago, or the Browser SDK would begin sessions of its own: the first is in a sample of 0.25, the second not.
const SESSION_A = sessionWithDraw(0.2, 0.25, Date.now() - 60_000)
const SESSION_B = sessionWithDraw(0.25, 1, SESSION_A + 1)

function sessionWithDraw(from: number, to: number, id: number): number {
  const draw = sampleDraw(id)
  return draw >= from && draw < to ? id : sessionWithDraw(from, to, id + 1)
}

const IMPORTS = `
  import * as amplitude from '@amplitude/analytics-browser'
  import { sessionReplayPlugin, getSessionReplayProperties } from '@session-replay-kit/core'
  Object.assign(REPLAY, { flushIntervalConfig: { minIntervalMs: 100, maxIntervalMs: 200 } })
  const tick = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms))
  const start = { ...ANALYTICS, deviceId: 'device-1', sessionId: ${SESSION_A} }
  const end = async (client = amplitude) => { client.track('The End'); await client.flush().promise }
`

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

/**
 * Runs the module in a page and hands out what came, once the event `The End` is there. The module can await
 * `snapshots(count)` and `sent(text)`: that the collector has them.
 */
async function play(script: string, run: (stage: Stage) => Promise<void> | void, more: StageSettings = {}) {
  const stage = await openStage(browser, { body: '<h1>Hello</h1>', ...more, script: IMPORTS + script })
  try {
    const { collector, page } = stage
    const snapshots = (): number => collector.events().filter(({ type }) => type === 2).length
    await page.exposeFunction('snapshots', async (count: number) => {
      await collector.waitForUpload(() => snapshots() >= count, 20_000)
    })
    await page.exposeFunction('sent', async (text: string) => {
      await collector.waitForUpload(({ decoded }) => decoded.text.includes(text), 20_000)
    })
    await stage.load()
    await ended(stage)
    await run(stage)
  } finally {
    await stage.close()
  }
}

async function ended({ collector, uncaught, said }: Stage): Promise<void> {
  const until = Date.now() + 20_000
  while (!collector.analyticsEvents.some(({ event_type }) => event_type === 'The End')) {
    if (Date.now() > until) throw new Error(`the script did not end: ${[...uncaught, ...said].join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** `event type → replay id`, in the order in which events happened. */
const tags = ({ collector }: Stage): [string, unknown][] =>
  [...collector.analyticsEvents]
    .sort((a, b) => Number(a.event_id) - Number(b.event_id))
    .map(({ event_type, event_properties }) => [event_type, event_properties?.[ID]])

const sessionsOf = ({ collector }: Stage): string[] => [
  ...new Set(collector.uploads.map(({ deviceId, sessionId }) => `${deviceId}/${sessionId}`)),
]

const A = `device-1/${SESSION_A}`
const B = `device-1/${SESSION_B}`

describe.concurrent('analytics events of a recorded session', () => {
  it('carry the id of the replay, whatever their kind, but for $identify', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin(REPLAY))
      amplitude.init(KEY, start)
      amplitude.track('Custom')
      amplitude.track('Mine', { '${ID}': 'of the app' })
      amplitude.track('$exposure', { flag_key: 'f' })
      amplitude.revenue(new amplitude.Revenue().setPrice(3))
      amplitude.identify(new amplitude.Identify().set('plan', 'pro'))
      amplitude.groupIdentify('org', 'x', new amplitude.Identify().set('a', 1))
      amplitude.track('Late', {}, { session_id: 123 })
      await end()`,
      (stage) => {
        expect(tags(stage)).toEqual([
          ['session_start', A],
          ['Custom', A],
          ['Mine', A],
          ['$exposure', A],
          ['revenue_amount', A],
          ['$identify', undefined],
          ['$groupidentify', A],
          ['Late', undefined],
          ['The End', A],
        ])
        expect(
          stage.collector.analyticsEvents.some(({ event_properties }) => event_properties?.[DEBUG]),
        ).toBe(false)
        expect(stage.uncaught).toEqual([])
        expect(stage.said).toEqual([])
      },
    ))

  it('carry the debug property in debug mode, $identify as well', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin({ ...REPLAY, debugMode: true }))
      amplitude.init(KEY, start)
      amplitude.identify(new amplitude.Identify().set('plan', 'pro'))
      await end()`,
      ({ collector }) => {
        const debug = JSON.stringify({ appHash: String(javaHash(KEY)) })
        const found = collector.analyticsEvents.map(({ event_type, event_properties }) => [
          event_type,
          event_properties,
        ])
        expect(found).toContainEqual(['$identify', { [DEBUG]: debug }])
        expect(found).toContainEqual(['The End', { [ID]: A, [DEBUG]: debug }])
      },
    ))

  it('carry it after an add that came after init', ({ expect }) =>
    play(
      `await amplitude.init(KEY, start).promise
      amplitude.track('Before')
      await amplitude.add(sessionReplayPlugin(REPLAY)).promise
      amplitude.track('After')
      await end()`,
      async (stage) => {
        expect(tags(stage)).toEqual([
          ['session_start', undefined],
          ['Before', undefined],
          ['After', A],
          ['The End', A],
        ])
        await stage.collector.waitForUpload()
      },
    ))

  it('carry none between remove and add, and the replay goes on after', ({ expect }) =>
    play(
      `const plugin = sessionReplayPlugin(REPLAY)
      amplitude.add(plugin)
      await amplitude.init(KEY, start).promise
      await snapshots(1)
      await amplitude.remove(plugin.name).promise
      document.body.insertAdjacentHTML('beforeend', '<p id="private">seen by nobody</p>')
      amplitude.track('Removed')
      await tick(100)
      document.querySelector('#private').remove()
      await amplitude.add(plugin).promise
      amplitude.track('Again')
      await snapshots(2)
      document.body.insertAdjacentHTML('beforeend', '<p>seen again</p>')
      await end()`,
      async (stage) => {
        expect(tags(stage)).toEqual([
          ['session_start', A],
          ['Removed', undefined],
          ['Again', A],
          ['The End', A],
        ])
        await stage.leave()
        await stage.collector.waitForUpload(({ decoded }) => decoded.text.includes('seen again'))
        expect(JSON.stringify(stage.collector.evidence())).not.toContain('seen by nobody')
        expect(stage.collector.events().filter(({ type }) => type === 2)).toHaveLength(2)
        expect(sessionsOf(stage)).toEqual([A])
      },
    ))

  it('carry it on the instance that has the plugin only', ({ expect }) =>
    play(
      `const other = amplitude.createInstance()
      const instance = amplitude.createInstance()
      instance.add(sessionReplayPlugin(REPLAY))
      await Promise.all([
        instance.init(KEY, { ...start, instanceName: 'one' }).promise,
        other.init('other-key', { ...start, instanceName: 'two', deviceId: 'device-2' }).promise,
      ])
      other.track('Other')
      await other.flush().promise
      await end(instance)`,
      ({ collector }) => {
        const tagged = collector.analyticsEvents.map(({ event_type, device_id, event_properties }) => [
          event_type,
          device_id,
          event_properties?.[ID],
        ])
        expect(tagged).toContainEqual(['The End', 'device-1', A])
        expect(tagged).toContainEqual(['Other', 'device-2', undefined])
      },
    ))

  it('carry none when the session is not in the sample, and nothing is loaded or sent', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin({ ...REPLAY, sampleRate: 0.2 }))
      amplitude.init(KEY, start)
      await end()
      window.loaded = performance.getEntriesByType('resource').map(({ name }) => name)`,
      async (stage) => {
        expect(tags(stage)).toEqual([
          ['session_start', undefined],
          ['The End', undefined],
        ])
        await stage.leave()
        expect(stage.collector.uploads).toEqual([])
      },
    ))
})

describe.concurrent('sessions', () => {
  it('change: each event belongs to its own, session_end to none', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin(REPLAY))
      await amplitude.init(KEY, start).promise
      await snapshots(1)
      document.querySelector('h1').textContent = 'only in A'
      await sent('only in A')
      document.querySelector('h1').textContent = 'Hello'
      await tick(50)
      amplitude.setSessionId(${SESSION_B})
      amplitude.track('In B')
      document.body.insertAdjacentHTML('beforeend', '<p>only in B</p>')
      await sent('only in B')
      await end()`,
      async (stage) => {
        expect(tags(stage)).toEqual([
          ['session_start', A],
          ['session_end', undefined],
          ['session_start', B],
          ['In B', B],
          ['The End', B],
        ])
        await stage.leave()
        const { collector } = stage
        await collector.waitForUpload(({ decoded }) => decoded.text.includes('only in B'))
        const textOf = (sessionId: number): string => JSON.stringify(collector.events(sessionId))
        expect(textOf(SESSION_A)).toContain('only in A')
        expect(textOf(SESSION_A)).not.toContain('only in B')
        expect(textOf(SESSION_B)).not.toContain('only in A')
        expect(
          collector
            .events(SESSION_B)
            .slice(0, 2)
            .map(({ type }) => type),
        ).toEqual([4, 2])
        expect(stage.uncaught).toEqual([])
      },
    ))

  it('change from one in the sample to one that is not: nothing of the second is recorded', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin({ ...REPLAY, sampleRate: 0.25 }))
      await amplitude.init(KEY, start).promise
      await snapshots(1)
      amplitude.setSessionId(${SESSION_B})
      amplitude.track('In B')
      document.body.insertAdjacentHTML('beforeend', '<p>only in B</p>')
      await tick(300)
      await end()`,
      async (stage) => {
        expect(tags(stage)).toEqual([
          ['session_start', A],
          ['session_end', undefined],
          ['session_start', undefined],
          ['In B', undefined],
          ['The End', undefined],
        ])
        await stage.leave()
        await stage.collector.waitForUpload()
        expect(sessionsOf(stage)).toEqual([A])
        expect(JSON.stringify(stage.collector.evidence())).not.toContain('only in B')
      },
    ))

  it('change from one that is not in the sample to one that is: the second is recorded', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin({ ...REPLAY, sampleRate: 0.25 }))
      await amplitude.init(KEY, { ...start, sessionId: ${SESSION_B} }).promise
      amplitude.setSessionId(${SESSION_A})
      await snapshots(1)
      await end()`,
      async (stage) => {
        expect(tags(stage).at(-1)).toEqual(['The End', A])
        await stage.leave()
        await stage.collector.waitForUpload()
        expect(sessionsOf(stage)).toEqual([A])
      },
    ))

  it('keep their id under a new device, and the replay follows', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin(REPLAY))
      await amplitude.init(KEY, start).promise
      amplitude.track('First')
      await snapshots(1)
      amplitude.setDeviceId('device-2')
      document.body.insertAdjacentHTML('beforeend', '<p>on the second</p>')
      await sent('on the second')
      await end()`,
      async (stage) => {
        expect(tags(stage)).toEqual([
          ['session_start', A],
          ['First', A],
          ['The End', `device-2/${SESSION_A}`],
        ])
        await stage.leave()
        const { collector } = stage
        await collector.waitForUpload(({ decoded }) => decoded.text.includes('on the second'))
        expect(sessionsOf(stage)).toEqual([A, `device-2/${SESSION_A}`])
        const first = collector.uploads.filter(({ deviceId }) => deviceId === 'device-1')
        expect(first.some(({ decoded }) => decoded.text.includes('on the second'))).toBe(false)
      },
    ))

  it('are named by customSessionId alone', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin({ ...REPLAY, customSessionId: (event) => event.event_properties?.order }))
      await amplitude.init(KEY, start).promise
      amplitude.track('Nameless')
      amplitude.track('Named', { order: 'order-7' })
      await snapshots(1)
      amplitude.setSessionId(${SESSION_B})
      await tick(100)
      amplitude.track('Named again', { order: 'order-7' })
      await end()`,
      async (stage) => {
        const own = 'device-1/order-7'
        expect(tags(stage)).toEqual([
          ['session_start', undefined],
          ['Nameless', undefined],
          ['Named', own],
          ['session_end', undefined],
          ['session_start', undefined],
          ['Named again', own],
          ['The End', undefined],
        ])
        await stage.leave()
        await stage.collector.waitForUpload()
        expect(sessionsOf(stage)).toEqual([own])
        expect(stage.collector.events().filter(({ type }) => type === 2)).toHaveLength(1)
      },
    ))

  it.for([
    ['autocapture', 'false'],
    ['autocapture', '{ sessions: false }'],
    ['defaultTracking', 'false'],
    ['defaultTracking', '{ sessions: false, pageViews: false }'],
  ])('are tracked with forceSessionTracking, though %s is %s', ([name, value], { expect }) =>
    play(
      `const { autocapture, ...rest } = start
      amplitude.add(sessionReplayPlugin({ ...REPLAY, forceSessionTracking: true }))
      await amplitude.init(KEY, { ...rest, ${name}: ${value} }).promise
      await end()`,
      (stage) => {
        expect(tags(stage)).toContainEqual(['session_start', A])
      },
    ),
  )
})

describe.concurrent('an event that waits for the decision about its session', () => {
  it.for([
    ['session', `amplitude.setSessionId(${SESSION_B})`, B],
    ['device', `amplitude.setDeviceId('device-2')`, `device-2/${SESSION_A}`],
  ])('is not tagged with the replay of the next %s', ([, change, next], { expect }) =>
    play(
      `let answer
      const slow = new Promise((resolve) => { answer = resolve })
      const handleFetchConfig = async ({ url }) => { await slow; return fetch(url) }
      amplitude.add(sessionReplayPlugin({ ...REPLAY, handleFetchConfig }))
      await amplitude.init(KEY, start).promise
      amplitude.track('Early')
      await tick(100)
      ${change}
      answer()
      await snapshots(1)
      await end()`,
      (stage) => {
        const [first] = tags(stage)
        expect(first).toEqual(['session_start', undefined])
        expect(tags(stage).at(-1)).toEqual(['The End', next])
        for (const { event_type, event_properties, device_id, session_id } of stage.collector.analyticsEvents)
          expect([undefined, `${device_id}/${session_id}`], event_type).toContain(event_properties?.[ID])
      },
    ),
  )
})

describe.concurrent('opting out', () => {
  it('ends recording at once and forgets what is not sent; opting in begins anew', ({ expect }) =>
    play(
      `const plugin = sessionReplayPlugin(REPLAY)
      amplitude.add(plugin)
      await amplitude.init(KEY, start).promise
      await snapshots(1)
      document.body.insertAdjacentHTML('beforeend', '<p>just before</p>')
      await tick(20)
      amplitude.setOptOut(true)
      const [properties] = [plugin.getSessionReplayProperties()]
      document.body.insertAdjacentHTML('beforeend', '<p id="out">while out</p>')
      await tick(400)
      document.querySelector('#out').remove()
      amplitude.setOptOut(false)
      amplitude.track('In Again', { was: JSON.stringify(properties) })
      await snapshots(2)
      document.body.insertAdjacentHTML('beforeend', '<p>in again</p>')
      await end()`,
      async (stage) => {
        const again = stage.collector.analyticsEvents.find(({ event_type }) => event_type === 'In Again')
        expect(again?.event_properties).toEqual({ was: '{}', [ID]: A })
        await stage.leave()
        await stage.collector.waitForUpload(({ decoded }) => decoded.text.includes('in again'))
        expect(JSON.stringify(stage.collector.evidence())).not.toContain('while out')
        expect(stage.uncaught).toEqual([])
      },
    ))

  it('from the start records nothing', ({ expect }) =>
    play(
      `amplitude.add(sessionReplayPlugin(REPLAY))
      await amplitude.init(KEY, { ...start, optOut: true }).promise
      await tick(300)
      document.body.insertAdjacentHTML('beforeend', '<p id="out">while out</p>')
      await tick(300)
      document.querySelector('#out').remove()
      amplitude.setOptOut(false)
      await snapshots(1)
      await end()`,
      async (stage) => {
        expect(tags(stage).at(-1)).toEqual(['The End', A])
        await stage.leave()
        await stage.collector.waitForUpload()
        expect(JSON.stringify(stage.collector.evidence())).not.toContain('while out')
      },
    ))
})

describe.concurrent('removing a plugin that is still being added', () => {
  it.for([
    ['at once', ''],
    ['while it asks for the settings', 'await tick(20)'],
    ['in the microtask after its set-up', 'await plugin.ready'],
  ])('leaves no recorder: %s', ([, wait], { expect }) =>
    play(
      `const plugin = sessionReplayPlugin(REPLAY)
      const setup = plugin.setup.bind(plugin)
      plugin.ready = new Promise((resolve) => {
        plugin.setup = async (...args) => { await setup(...args); resolve() }
      })
      await amplitude.init(KEY, start).promise
      amplitude.add(plugin)
      ${wait}
      amplitude.remove(plugin.name)
      await tick(600)
      document.body.insertAdjacentHTML('beforeend', '<p>too late</p>')
      await tick(300)
      window.properties = plugin.getSessionReplayProperties()
      await end()`,
      async (stage) => {
        expect(tags(stage).at(-1)).toEqual(['The End', undefined])
        expect(await stage.page.evaluate('window.properties')).toEqual({})
        await stage.leave()
        expect(JSON.stringify(stage.collector.evidence())).not.toContain('too late')
        expect(stage.uncaught).toEqual([])
      },
    ),
  )
})

/** Java's `String.hashCode`, written out again for the comparison. */
const javaHash = (text: string): number =>
  [...text].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) | 0, 0)
