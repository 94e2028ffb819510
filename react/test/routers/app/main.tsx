import { createSessionReplay } from '@session-replay-kit/core'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import * as router8 from 'react-router'
import * as router7 from 'react-router-7'
import { ReplayRouteSync as Sync8 } from '../../../src/react-router.ts'
import { ReplayRouteSync as Sync7 } from '../../../src/react-router.ts?router=7'
import { SessionReplayProvider } from '../../../src/SessionReplayProvider.tsx'
import { fixture } from './fixture.ts'
import { appWithReactRouter } from './with-react-router.tsx'
import { appWithTanStack } from './with-tanstack.tsx'

const { origin } = window.location

// The app's server is the collector, too.
const replay = createSessionReplay({
  apiKey: 'test-key',
  analytics: { serverUrl: `${origin}/2/httpapi`, autocapture: false, fetchRemoteConfig: false },
  sampleRate: 1,
  configServerUrl: `${origin}/config`,
  trackServerUrl: `${origin}/sessions/v2/track`,
  routes: { deny: fixture.open ? [] : '/secret/**' },
})
window.replay = replay

function app(): ReactNode {
  if (fixture.router === 'tanstack') return appWithTanStack(replay)
  if (fixture.router === 'react-router-8') return appWithReactRouter(router8, Sync8)
  return appWithReactRouter(router7 as unknown as typeof router8, Sync7)
}

createRoot(document.querySelector('#root') as Element).render(
  <SessionReplayProvider client={replay}>{app()}</SessionReplayProvider>,
)
