// replay-store.ts
import { createSessionReplay } from '@session-replay-kit/core'
import { sessionReplayStore } from '@session-replay-kit/svelte/store'

export const client = createSessionReplay({ apiKey: 'YOUR_API_KEY', sampleRate: 0.1 })
client.start()

/** `$replay.status` in a component; `replay.pause()` and `replay.resume()` anywhere. */
export const replay = sessionReplayStore(client)
