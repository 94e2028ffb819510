import type { ReactNode } from 'react'
import { useReplayContext } from './context.ts'
import { type UsePauseReplayOptions, usePauseOn } from './usePauseReplay.ts'

export interface PauseReplayProps extends UsePauseReplayOptions {
  /** @default true */
  when?: boolean
  children?: ReactNode
}

/** `usePauseReplay` as a component. Renders its children and no element of its own. */
export function PauseReplay({ when = true, detail, scope, children }: PauseReplayProps): ReactNode {
  usePauseOn(useReplayContext('<PauseReplay>'), when, { detail, scope })
  return children
}
