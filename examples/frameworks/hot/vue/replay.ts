import { createSessionReplayPlugin } from '@session-replay-kit/vue'

export const replay = createSessionReplayPlugin({
  apiKey: 'test-key',
  sampleRate: 1,
  analytics: { autocapture: false },
  routes: { deny: [] },
})

export const edition = 'replay edition 1'
