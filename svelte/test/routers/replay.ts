import { createSessionReplay, type ReplayController } from '@session-replay-kit/svelte'

declare global {
  interface Window {
    replay: ReplayController
    /** What the test asks of the app. */
    fixture: { fade: boolean }
  }
}

/** The recorder of the fixtures: the app's server is the collector, too. `?open` forgets the rule. */
export function createReplay(deny: string | undefined): ReplayController {
  const { origin, search } = window.location
  const replay = createSessionReplay({
    apiKey: 'test-key',
    analytics: { serverUrl: `${origin}/2/httpapi`, autocapture: false, fetchRemoteConfig: false },
    sampleRate: 1,
    configServerUrl: `${origin}/config`,
    trackServerUrl: `${origin}/sessions/v2/track`,
    routes: { deny: search === '?open' || deny === undefined ? [] : deny },
  })
  window.replay = replay
  return replay
}
