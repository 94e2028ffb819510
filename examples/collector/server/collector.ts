import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { createIntake, type IntakeDeps, type RequestKind } from '@session-replay-kit/core/testing'
import type { AnswerChoice, Settings } from '../api.ts'
import { createApi } from './api-routes.ts'
import { createListener } from './http.ts'
import { openReplayStore, type ReplayStore } from './replay-store.ts'
import { answerFor, openSettings, remoteConfigsOf, type SettingsFile } from './settings.ts'
import { createViewerFiles } from './viewer-files.ts'

export interface CollectorOptions {
  /** 0 chooses a free one. */
  port: number
  /** @default '127.0.0.1': replays are private, other machines do not see them */
  host?: string
  /** Where replays and settings are kept. */
  dataDir: string
  /** All replays together; the oldest goes first. @default 500 MB */
  maxBytes?: number
  /** The built viewer. */
  viewerDir: string
}

export interface Collector {
  readonly url: string
  readonly store: ReplayStore
  readonly settings: SettingsFile
  stop(): Promise<void>
}

const DEFAULT_MAX_BYTES = 500_000_000

/**
 * Starts the local collector: Amplitude's intake and remote configuration, replays on disk, and the viewer,
 * all in one process and on one port.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { host = '127.0.0.1', maxBytes = DEFAULT_MAX_BYTES } = options
  const dataDir = resolve(options.dataDir)
  const settings = await openSettings(join(dataDir, 'settings.json'))
  const store = await openReplayStore({ dir: join(dataDir, 'replays'), maxBytes })

  const intakeDeps: IntakeDeps = {
    decideAnswer: (kind) => answerFor(choiceFor(kind, settings.get())),
    remoteConfigs: () => remoteConfigsOf(settings.get()),
    onUpload: store.addUpload,
    onAnalytics: store.addAnalytics,
    onAnswered(kind, outcome, url) {
      const deviceId = url.searchParams.get('device_id')
      const sessionId = url.searchParams.get('session_id')
      if (kind !== 'upload' || outcome === 'accepted' || !deviceId || !sessionId) return
      store.addRefusal({ deviceId, sessionId }, outcome).catch(console.error)
    },
  }
  const name = host.includes(':') ? `[${host}]` : host
  const api = createApi({ store, settings, hosts: ['localhost', '127.0.0.1', '[::1]', name] })
  const listener = createListener({
    handlers: [createIntake(intakeDeps), api, createViewerFiles(resolve(options.viewerDir))],
    // An intake too, so that pages of other origins can read the refusal.
    refuseLarge: createIntake({ ...intakeDeps, decideAnswer: () => ({ kind: 'refuse', status: 413 }) }),
  })
  const server = createServer(listener)

  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(options.port, host, done)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host === '0.0.0.0' ? 'localhost' : name}:${port}`,
    store,
    settings,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        // Live viewers and requests left hanging would keep it open for ever.
        server.closeAllConnections()
      }),
  }
}

function choiceFor(kind: RequestKind, settings: Settings): AnswerChoice {
  switch (kind) {
    case 'upload':
      return settings.uploadAnswer
    case 'config':
      return settings.configAnswer
    case 'analytics':
      return settings.analyticsAnswer
  }
}
