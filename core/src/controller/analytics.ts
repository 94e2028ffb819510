import { ReplayError, type Report } from '../errors.ts'
import { claimInit } from './registry.ts'
import type { AmplitudeLike, AmplitudeSource } from './types.ts'

/** Where the client comes from. */
export interface AnalyticsOptions {
  amplitude?: AmplitudeSource | null
  apiKey?: string
  analytics?: Record<string, unknown>
}

export interface Analytics {
  /** Loads and initialises the Browser SDK if that is our task. */
  begin(): void
  /** The client to attach to; null when there is none. May reject. */
  client(): Promise<AmplitudeLike | null>
}

/** In a `try`, where bundlers do not insist on a package: apps without the Browser SDK have not installed it. */
async function importSdk() {
  try {
    return await import('@amplitude/analytics-browser')
  } catch (cause) {
    throw new Error('@amplitude/analytics-browser could not be loaded', { cause })
  }
}

type Sdk = Awaited<ReturnType<typeof importSdk>>

/**
 * Finds the app's Browser SDK, or with `apiKey` loads and initialises its default instance. The plugin is
 * added before `init`, so that the first session event is already tagged; on a page where recording is
 * not allowed, analytics starts all the same.
 */
export function createAnalytics(
  options: AnalyticsOptions,
  later: (run: () => void) => void,
  report: Report,
): Analytics {
  let loaded: Promise<AmplitudeLike | null> | null = null

  const initialise = async (sdk: Sdk, apiKey: string): Promise<void> => {
    try {
      await sdk.init(apiKey, options.analytics).promise
    } catch (cause) {
      const message =
        'Session Replay: amplitude.init() failed; nothing is recorded. Check `apiKey` and `analytics`.'
      report(new ReplayError('SETUP_FAILED', message, { cause }))
    }
  }

  const load = async (apiKey: string): Promise<AmplitudeLike> => {
    const sdk = await importSdk()
    // A task later the queue has added the plugin, if it may be added at all.
    if (claimInit(apiKey)) later(() => void initialise(sdk, apiKey))
    return sdk as unknown as AmplitudeLike
  }

  const find = async (): Promise<AmplitudeLike | null> => {
    const { amplitude, apiKey } = options
    if (typeof amplitude === 'function') return (await amplitude()) ?? null
    if (amplitude !== undefined) return amplitude
    if (apiKey !== undefined) {
      loaded ??= load(apiKey)
      return loaded
    }
    // The script-tag build of the Browser SDK.
    return (globalThis as { amplitude?: AmplitudeLike }).amplitude ?? null
  }

  return {
    begin() {
      if (options.amplitude === undefined && options.apiKey !== undefined) find().catch(() => {})
    },
    client: () =>
      find().catch((cause) => {
        loaded = null
        throw cause
      }),
  }
}
