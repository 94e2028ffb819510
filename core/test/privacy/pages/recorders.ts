import { createInstance } from '@amplitude/analytics-browser'
import { sessionReplayPlugin as officialPlugin } from '@amplitude/plugin-session-replay-browser'
import { record } from '@rrweb/record'
import type { SessionReplayOptions } from '../../../src/config/options.ts'
import type { sessionReplayPlugin as kitPlugin } from '../../../src/entry/plugin.ts'
import type { MaskLevel } from '../../../src/types.ts'
import { SELECTORS } from '../regions.ts'

// The recorders that are compared, each set up as its documentation says, with the same markers.

export interface StartOptions {
  /** Where everything is sent. */
  post: string
  level: MaskLevel
  worker: boolean
  userProperty?: string
  eventProperty?: string
  /** @default 1 */
  sampleRate?: number
  /** More options for the plugin. */
  more?: Partial<SessionReplayOptions>
}

const API_KEY = '0123456789abcdef0123456789abcdef'

let client: ReturnType<typeof createInstance> | undefined

/** The Browser SDK of the page, for tests that remove and add the plugin. */
export const analytics = (): NonNullable<typeof client> => {
  if (!client) throw new Error('no recorder was started')
  return client
}

export async function startKit(options: StartOptions): Promise<void> {
  const address = '/kit/index.js'
  const { sessionReplayPlugin } = (await import(/* @vite-ignore */ address)) as {
    sessionReplayPlugin: typeof kitPlugin
  }
  await startPlugin(sessionReplayPlugin as unknown as typeof officialPlugin, options)
}

export const startOfficial = (options: StartOptions): Promise<void> => startPlugin(officialPlugin, options)

async function startPlugin(create: typeof officialPlugin, options: StartOptions): Promise<void> {
  const { post, level, worker, sampleRate = 1, more } = options
  const plugin = create({
    sampleRate,
    trackServerUrl: `${post}/sessions/v2/track`,
    configServerUrl: `${post}/config`,
    captureDocumentTitle: true,
    useWebWorker: worker,
    storeType: 'idb',
    privacyConfig: {
      defaultMaskLevel: level,
      maskSelector: [SELECTORS.mask],
      unmaskSelector: [SELECTORS.unmask],
      blockSelector: [SELECTORS.block],
    },
    ...(more as object),
  })
  ;(globalThis as { replayPlugin?: unknown }).replayPlugin = plugin
  client = createInstance()
  const added = client.add(plugin).promise
  await client.init(API_KEY, 'user', {
    serverUrl: `${post}/2/httpapi`,
    deviceId: 'device',
    autocapture: false,
    fetchRemoteConfig: false,
    logLevel: 0,
    flushIntervalMillis: 100,
  }).promise
  await added
  const { Identify } = await import('@amplitude/analytics-browser')
  if (options.userProperty) client.identify(new Identify().set('note', options.userProperty))
  client.track('Viewed', { note: options.eventProperty })
}

/** rrweb alone, fields masked as a whole and its selectors set; its events are sent when the page is told to flush. */
export async function startRrweb({ post, level }: StartOptions): Promise<void> {
  const events: string[] = []
  record({
    emit: (event) => void events.push(JSON.stringify(event)),
    maskAllInputs: true,
    maskTextSelector: level === 'conservative' ? '*' : `.amp-mask, [data-amp-mask], ${SELECTORS.mask}`,
    blockSelector: `.amp-block, [data-amp-block], ${SELECTORS.block}`,
  })
  ;(globalThis as { flushRrweb?: () => Promise<unknown> }).flushRrweb = () =>
    fetch(`${post}/sessions/v2/track?device_id=device&session_id=1&type=replay`, {
      method: 'POST',
      headers: { Authorization: 'Bearer key', 'Content-Type': 'application/json' },
      body: JSON.stringify({ version: 1, events }),
    })
}
