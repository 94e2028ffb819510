import * as amplitude from '@amplitude/analytics-browser'
import { createSessionReplay } from '@session-replay-kit/react'
import { readConsent } from './consent.ts'

/** The local collector stands in for Amplitude's servers; no account is needed. */
const COLLECTOR = import.meta.env.VITE_COLLECTOR_URL ?? 'http://localhost:4400'

/**
 * Made once for the page and inert until the provider starts it. In production, leave out the three addresses,
 * give your own API key and a lower `sampleRate`.
 */
export const replay = createSessionReplay({
  // The app's own client, because it tracks events of its own. Without any, `apiKey: KEY` alone would do.
  amplitude,
  sampleRate: 1,
  configServerUrl: `${COLLECTOR}/config`,
  trackServerUrl: `${COLLECTOR}/sessions/v2/track`,
  // Paused before React renders anything of the page, and until all of it has left the document.
  routes: { deny: '/checkout/**' },
  // A shop that has to ask first says 'required' here; this one records until the visitor refuses.
  consent: readConsent() === 'refused' ? 'required' : 'granted',
})

/** After the provider has started, so that the first events are already tied to the replay. */
export const startAnalytics = (): void => {
  amplitude.init('demo-react', {
    serverUrl: `${COLLECTOR}/2/httpapi`,
    autocapture: { sessions: true, pageViews: true },
    fetchRemoteConfig: false,
  })
}

export const track = (name: string, properties?: Record<string, unknown>): void => {
  amplitude.track(name, properties)
}
