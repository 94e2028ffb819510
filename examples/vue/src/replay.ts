import * as amplitude from '@amplitude/analytics-browser'
import { createSessionReplayPlugin } from '@session-replay-kit/vue'
import { router } from './router.ts'
import { consent } from './visitor.ts'

/** The local collector stands in for Amplitude's servers; no account is needed. */
const COLLECTOR = import.meta.env.VITE_COLLECTOR_URL ?? 'http://localhost:4400'

/**
 * Records the visit. In production, leave out the three addresses, give your own API key and a lower `sampleRate`.
 */
export const replay = createSessionReplayPlugin({
  apiKey: 'demo-vue',
  analytics: {
    serverUrl: `${COLLECTOR}/2/httpapi`,
    autocapture: { sessions: true, pageViews: true },
    fetchRemoteConfig: false,
  },
  sampleRate: 1,
  configServerUrl: `${COLLECTOR}/config`,
  trackServerUrl: `${COLLECTOR}/sessions/v2/track`,
  // Who has objected is not recorded, until they change their mind.
  consent: consent.value === 'no' ? 'required' : 'granted',
  // What each route says in `meta.replay` counts.
  router,
})

export const track = (name: string, properties?: Record<string, unknown>): void => {
  amplitude.track(name, properties)
}
