// own-client.ts
import * as amplitude from '@amplitude/analytics-browser'
import { createSessionReplay, createSessionReplayPlugin } from '@session-replay-kit/vue'

amplitude.init('YOUR_API_KEY')

// The app's own Browser SDK client …
export const attached = createSessionReplayPlugin({ amplitude, sampleRate: 0.1 })

// … or a controller that code outside of components uses as well.
export const client = createSessionReplay({ amplitude, sampleRate: 0.1, routes: { deny: '/checkout/**' } })
export const given = createSessionReplayPlugin(client)
