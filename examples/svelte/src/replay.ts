import * as amplitude from '@amplitude/analytics-browser'
import type { ReplayOptions } from '@session-replay-kit/svelte'
import { visitor } from './visitor.svelte.ts'

/** The local collector stands in for Amplitude's servers; no account is needed. */
const COLLECTOR = import.meta.env.VITE_COLLECTOR_URL ?? 'http://localhost:4400'

/**
 * Options of the provider. In production, leave out the three addresses, give your own API key and a lower
 * `sampleRate`.
 */
export const replayOptions = {
  apiKey: 'demo-svelte',
  analytics: {
    serverUrl: `${COLLECTOR}/2/httpapi`,
    autocapture: { sessions: true, pageViews: true },
    fetchRemoteConfig: false,
  },
  sampleRate: 1,
  configServerUrl: `${COLLECTOR}/config`,
  trackServerUrl: `${COLLECTOR}/sessions/v2/track`,
  routes: {
    deny: [
      '/checkout/**',
      // The admin area is recorded for staff in training, and for nobody else.
      ({ path }) => path.startsWith('/admin') && visitor.role !== 'trainee',
    ],
  },
} satisfies ReplayOptions

export const track = (name: string, properties?: Record<string, unknown>): void => {
  amplitude.track(name, properties)
}
