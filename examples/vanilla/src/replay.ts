import * as amplitude from '@amplitude/analytics-browser'
import { sessionReplayPlugin } from '@session-replay-kit/core'

/** The local collector stands in for Amplitude's servers; no account is needed. */
const COLLECTOR = import.meta.env.VITE_COLLECTOR_URL ?? 'http://localhost:4400'

/**
 * Records the visit with the plugin inside the Browser SDK. In production, leave out the three addresses, give
 * your own API key and a lower `sampleRate`.
 */
export function startReplay(): void {
  const sessionReplayTracking = sessionReplayPlugin({
    sampleRate: 1,
    configServerUrl: `${COLLECTOR}/config`,
    trackServerUrl: `${COLLECTOR}/sessions/v2/track`,
  })
  amplitude.add(sessionReplayTracking)
  amplitude.init('demo-vanilla', {
    serverUrl: `${COLLECTOR}/2/httpapi`,
    autocapture: { sessions: true, pageViews: true },
    fetchRemoteConfig: false,
  })
}

export const track = (name: string, properties?: Record<string, unknown>): void => {
  amplitude.track(name, properties)
}
