import * as amplitude from '@amplitude/analytics-browser'
import { sessionReplayPlugin } from '@session-replay-kit/core'
import { quietAnalytics } from './quiet-analytics.mjs'

export async function start({ intake, worker, level }) {
  amplitude.add(
    sessionReplayPlugin({
      sampleRate: 1,
      useWebWorker: worker,
      privacyConfig: { defaultMaskLevel: level },
      configServerUrl: `${intake}/config`,
      trackServerUrl: `${intake}/sessions/v2/track`,
    }),
  )
  await amplitude.init('bench', undefined, quietAnalytics(intake)).promise
}
