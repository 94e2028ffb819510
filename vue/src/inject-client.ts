import { createSessionReplay, type ReplayController, ReplayError } from '@session-replay-kit/core'
import { getCurrentScope, hasInjectionContext, inject } from 'vue'
import { sessionReplayKey } from './key.ts'

/**
 * The controller of this app. Throws where `caller` cannot work: a mistake of the app's code that the first run shows.
 * On a server without the plugin it is an inert one.
 */
export function injectClient(caller: string): ReplayController {
  if (!hasInjectionContext() || !getCurrentScope()) {
    throw new ReplayError(
      'OUTSIDE_SETUP',
      `[session-replay] ${caller}() was called outside setup(). Call it at the top of setup(), or in an effect scope of your own.`,
    )
  }
  const client = inject(sessionReplayKey, null)
  if (client) return client
  if (typeof document === 'undefined') return createSessionReplay({})
  throw new ReplayError(
    'NO_PROVIDER',
    `[session-replay] ${caller}() found no controller. Call app.use(createSessionReplayPlugin(options)) first, or provide one at sessionReplayKey.`,
  )
}
