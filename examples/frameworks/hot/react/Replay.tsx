import { createSessionReplay, SessionReplayProvider } from '@session-replay-kit/react'
import type { ReactNode } from 'react'

// Made once per evaluation of this module, which hot replacement repeats.
const replay = createSessionReplay({
  apiKey: 'test-key',
  sampleRate: 1,
  analytics: { autocapture: false },
  routes: { deny: [] },
})

export function Replay({ children }: { children: ReactNode }): ReactNode {
  return (
    <SessionReplayProvider client={replay}>
      {children}
      <footer>replay edition 1</footer>
    </SessionReplayProvider>
  )
}
