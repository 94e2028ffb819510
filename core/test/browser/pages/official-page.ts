import { sessionReplayPlugin } from '@amplitude/plugin-session-replay-browser'
import * as standalone from '@amplitude/session-replay-browser'
import type { Settings, Subject } from './fault-page.ts'

// The vendor's own recorder as a subject of the fault suite, by both of its doors, with its own defaults.

const loggerProvider = {
  disable() {},
  enable() {},
  log() {},
  warn: console.warn,
  error: console.error,
  debug() {},
}

type Plugin = ReturnType<typeof sessionReplayPlugin>
type PluginConfig = Parameters<NonNullable<Plugin['setup']>>[0]

let plugin: Plugin | undefined
let config: { sessionId: number; deviceId: string; optOut: boolean } | undefined

const pluginSubject: Subject = {
  async begin({ apiKey, deviceId, sessionId, optOut, options }) {
    plugin = sessionReplayPlugin(options as Parameters<typeof sessionReplayPlugin>[0])
    const given = { apiKey, deviceId, sessionId, optOut, loggerProvider, logLevel: 2, serverZone: 'US' }
    config = given
    await plugin.setup?.(given as unknown as PluginConfig, {} as never)
  },
  async setSession(sessionId) {
    if (config) config.sessionId = sessionId
    await plugin?.onSessionIdChanged?.(sessionId)
  },
  async setDevice(deviceId) {
    if (config) config.deviceId = deviceId
    // Not in every version.
    const hooks = plugin as { onIdentityChanged?(identity: { deviceId: string }): Promise<void> } | undefined
    await hooks?.onIdentityChanged?.({ deviceId })
  },
  async setOptOut(optOut) {
    if (config) config.optOut = optOut
    await plugin?.onOptOutChanged?.(optOut)
  },
  async stop() {
    await plugin?.teardown?.()
    plugin = undefined
  },
  async flush() {},
  explain: () => explanation(plugin ? (plugin as unknown as Properties).getSessionReplayProperties() : {}),
}

const standaloneSubject: Subject = {
  async begin({ apiKey, deviceId, sessionId, optOut, options }) {
    const given = { ...options, deviceId, sessionId, optOut, loggerProvider }
    await standalone.init(apiKey, given as unknown as Parameters<typeof standalone.init>[1]).promise
  },
  setSession: (sessionId) => standalone.setSessionId(sessionId).promise,
  setDevice: (deviceId) => standalone.setSessionId(standalone.getSessionId() as number, deviceId).promise,
  async setOptOut(optOut) {
    const identities = window.analyticsConnectorInstances?.$default_instance?.identityStore
    identities?.setIdentity({ ...identities.getIdentity(), optOut })
  },
  async stop() {
    standalone.shutdown()
  },
  flush: () => standalone.flush(false),
  explain: () => explanation(standalone.getSessionReplayProperties()),
}

declare global {
  interface Window {
    analyticsConnectorInstances?: {
      $default_instance?: { identityStore: { getIdentity(): object; setIdentity(identity: object): void } }
    }
  }
}

interface Properties {
  getSessionReplayProperties(): Record<string, unknown>
}

/** It tags events once it has decided to record; its recorder is loaded a moment later. */
function explanation(properties: Record<string, unknown>): ReturnType<Subject['explain']> {
  return { recording: Object.keys(properties).length > 0, sentence: 'the official SDK does not say' }
}

const subject = (door: Settings['door']): Subject =>
  door === 'standalone' ? standaloneSubject : pluginSubject
let chosen = pluginSubject

window.subject = {
  async begin(settings) {
    chosen = subject(settings.door)
    await chosen.begin(settings)
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS))
  },
  setSession: (sessionId) => chosen.setSession(sessionId),
  setDevice: (deviceId) => chosen.setDevice(deviceId),
  setOptOut: (optOut) => chosen.setOptOut(optOut),
  stop: () => chosen.stop(),
  flush: () => chosen.flush(),
  explain: () => chosen.explain(),
}

/** It does not tell when recording has begun. */
const SETTLED_MS = 500
