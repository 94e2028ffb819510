import type { Stop } from '../types.ts'

/** What the Browser SDKs of a page share under `analyticsConnectorInstances`, as far as it matters here. */
interface Connector {
  identityStore?: {
    getIdentity?(): { optOut?: boolean; userProperties?: Record<string, unknown> }
    addEventListener?(run: () => void): void
    removeEventListener?(run: () => void): void
  }
}

function storeOf(instanceName: string) {
  const { analyticsConnectorInstances } = globalThis as {
    analyticsConnectorInstances?: Record<string, Connector | undefined>
  }
  return analyticsConnectorInstances?.[instanceName]?.identityStore
}

const identityOf = (instanceName: string) => storeOf(instanceName)?.getIdentity?.()

/** The word of the analytics connector if it has one, else that of the configuration. Doubt counts as opted out. */
export function isOptedOut(instanceName: string, configured: () => boolean): boolean {
  try {
    return identityOf(instanceName)?.optOut ?? configured()
  } catch {
    return true
  }
}

/** Properties of the user as other Amplitude SDKs of the page know them; for targeting only. */
export function connectorUserProperties(instanceName: string): Record<string, unknown> | undefined {
  try {
    return identityOf(instanceName)?.userProperties
  } catch {
    return undefined
  }
}

/** Calls at each change of what the analytics connector knows of the user, where the page has one by now. */
export function watchIdentity(instanceName: string, onChange: () => void): Stop {
  try {
    const store = storeOf(instanceName)
    store?.addEventListener?.(onChange)
    return () => store?.removeEventListener?.(onChange)
  } catch {
    return () => {}
  }
}
