'use client'

import { SessionReplayProvider } from '@session-replay-kit/react'
import { ReplayRouteSync } from '@session-replay-kit/react/next'
import { type ReactNode, Suspense } from 'react'

/** The local collector stands in for Amplitude's servers; no account is needed. */
const COLLECTOR = process.env.NEXT_PUBLIC_COLLECTOR_URL ?? 'http://localhost:4400'

/** In production, leave out the three addresses, give your own API key and a lower `sampleRate`. */
export function Replay({ children }: { children: ReactNode }) {
  return (
    <SessionReplayProvider
      apiKey="demo-next"
      analytics={{
        serverUrl: `${COLLECTOR}/2/httpapi`,
        // Both send the title of the document, which is a secret on the checkout.
        autocapture: { pageViews: false, pageUrlEnrichment: false },
        fetchRemoteConfig: false,
      }}
      sampleRate={1}
      configServerUrl={`${COLLECTOR}/config`}
      trackServerUrl={`${COLLECTOR}/sessions/v2/track`}
      // Paused before React renders anything of the checkout, and until all of it has left the document.
      routes={{ deny: '/checkout/**' }}
    >
      {/* Under `cacheComponents` the address of a page with parameters is not known when its shell is rendered. */}
      <Suspense>
        <ReplayRouteSync />
      </Suspense>
      {children}
    </SessionReplayProvider>
  )
}
