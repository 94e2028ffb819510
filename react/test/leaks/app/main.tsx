import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import {
  Block,
  createSessionReplay,
  Mask,
  PauseReplay,
  type ReplayController,
  ReplayPrivacyBoundary,
  SessionReplayProvider,
  usePrivacyProps,
  useSessionReplay,
} from '../../../src/index.ts'

declare global {
  interface Window {
    replay: ReplayController
    /** Mounts and unmounts so many apps, one after the other. */
    remount(times: number): Promise<void>
  }
}

const { origin } = window.location
const apiKey = 'test-key'
const options = {
  analytics: { serverUrl: `${origin}/2/httpapi`, autocapture: false, fetchRemoteConfig: false },
  sampleRate: 1,
  configServerUrl: `${origin}/config`,
  trackServerUrl: `${origin}/sessions/v2/track`,
}

function Consumers(): ReactNode {
  const { status } = useSessionReplay()
  const isRecording = useSessionReplay((snapshot) => snapshot.isRecording)
  return (
    <section {...usePrivacyProps()}>
      {status} {String(isRecording)}
      <Mask>masked</Mask>
      <Block>blocked</Block>
      <ReplayPrivacyBoundary>
        <p>bounded</p>
      </ReplayPrivacyBoundary>
      <PauseReplay>
        <input defaultValue="paused" />
      </PauseReplay>
    </section>
  )
}

// Records all the time, so that what is left behind by the recorder counts, too.
window.replay = createSessionReplay({ apiKey, ...options })
window.replay.start()
const root = document.querySelector('#root') as Element
const isOwner = new URLSearchParams(window.location.search).has('owner')
const given = isOwner ? { apiKey, ...options } : { client: window.replay }

const drawn = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))

window.remount = async (times) => {
  for (let round = 0; round < times; round++) {
    const app = createRoot(root)
    app.render(
      <StrictMode>
        <SessionReplayProvider {...given}>
          <Consumers />
        </SessionReplayProvider>
      </StrictMode>,
    )
    while (root.firstChild === null) await drawn()
    app.unmount()
  }
}
