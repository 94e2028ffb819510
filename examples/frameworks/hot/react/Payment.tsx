import { usePauseReplay } from '@session-replay-kit/react'
import type { ReactNode } from 'react'

export function Payment(): ReactNode {
  usePauseReplay(true, { detail: 'payment' })
  return <p>payment edition 1</p>
}
