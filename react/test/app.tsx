import type { ReplayController } from '@session-replay-kit/core'
import { type ReactNode, Suspense } from 'react'
import { Mask } from '../src/privacy.tsx'
import { ReplayPrivacyBoundary } from '../src/ReplayPrivacyBoundary.tsx'
import { SessionReplayProvider } from '../src/SessionReplayProvider.tsx'
import { usePauseReplay } from '../src/usePauseReplay.ts'
import { useSessionReplay } from '../src/useSessionReplay.ts'

/** A little of everything, for servers and hydration. */
export function App({ client }: { client: ReplayController }): ReactNode {
  return (
    <SessionReplayProvider client={client} location="/">
      <Badge />
      <Mask as="p">Robin</Mask>
      <ReplayPrivacyBoundary mode="block">
        <Suspense fallback="wait">
          <Restricted />
        </Suspense>
      </ReplayPrivacyBoundary>
    </SessionReplayProvider>
  )
}

function Badge(): ReactNode {
  const isRecording = useSessionReplay((replay) => replay.isRecording)
  return (
    <output>
      {useSessionReplay().status} {String(isRecording)}
    </output>
  )
}

function Restricted(): ReactNode {
  usePauseReplay()
  usePauseReplay(true, { scope: 'visible' })
  return <b>secret</b>
}

export const SERVER_HTML =
  '<output>idle<!-- --> <!-- -->false</output><p data-amp-mask="">Robin</p><span style="display:contents" data-amp-block=""><!--$--><b>secret</b><!--/$--></span>'
