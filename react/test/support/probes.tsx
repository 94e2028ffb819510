import type { ReplayController } from '@session-replay-kit/core'
import { type EffectCallback, type ReactNode, useLayoutEffect } from 'react'
import { usePrivacyProps } from '../../src/usePrivacyProps.ts'
import { useSessionReplayClient } from '../../src/useSessionReplayClient.ts'

// Components that hand out what a hook returns, or run what a test gives them.

export function ClientProbe({ give }: { give(client: ReplayController): void }): null {
  give(useSessionReplayClient())
  return null
}

/** Renders what `hook` returns, as text. */
export function HookProbe({ hook }: { hook(): unknown }): ReactNode {
  return <output>{String(hook())}</output>
}

export function LayoutEffect({ run }: { run: EffectCallback }): null {
  useLayoutEffect(run, [run])
  return null
}

export function PrivacyProbe({ children }: { children: (props: object) => ReactNode }): ReactNode {
  return children(usePrivacyProps())
}

/** Suspends for ever. */
export function Suspended({ when }: { when: boolean }): null {
  if (when) throw NEVER
  return null
}

const NEVER = new Promise<void>(() => {})
