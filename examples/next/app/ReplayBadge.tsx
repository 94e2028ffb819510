'use client'

import { useSessionReplay } from '@session-replay-kit/react'

/** Tells visitors whether they are recorded. Left out of the replay, where it would only say that there is one. */
export function ReplayBadge() {
  const { status } = useSessionReplay()
  return <output data-amp-block="">{status}</output>
}
