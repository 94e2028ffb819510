import { useSessionReplay } from '@session-replay-kit/react'

/** Tells visitors whether they are recorded, and lets them pause it. */
export function ReplayBadge() {
  const { status, isRecording, reasons, pause, resume } = useSessionReplay()
  const isPaused = reasons.some(({ kind }) => kind === 'manual')
  return (
    // Left out of the replay, where it would only say that there is one.
    <span data-amp-block="" className="badge">
      <output>{isRecording ? 'Recording' : status}</output>{' '}
      <button type="button" onClick={() => (isPaused ? resume() : pause('visitor'))}>
        {isPaused ? 'Resume' : 'Pause'}
      </button>
    </span>
  )
}
