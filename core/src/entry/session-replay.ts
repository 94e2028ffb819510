import type { StandaloneOptions } from '../config/options.ts'
import type { RecorderPort, RecorderStatus, ReplayParts } from '../controller/ports.ts'
import type {
  ControllerOptions,
  HoldInfo,
  ReplayController,
  ReplayOptions,
  ReplayPlugin,
} from '../controller/types.ts'
import { createController } from '../controller.ts'
import { createReport } from '../errors.ts'
import { createLogger } from '../platform/logger.ts'
import type { RecorderStatus as SharedStatus } from '../recorder/types.ts'
import { sessionReplayPlugin } from './plugin.ts'
import { sharedRecorder } from './shared-recorder.ts'

/**
 * One controller for an app: declarative start, reasons to pause, route rules, live status. It adds the plugin to the
 * Browser SDK and takes it out again by itself. Inert until `start()`, and for ever on a server; nothing it does can
 * throw into the app. React, Vue and Svelte bindings hold one of these.
 *
 * @example
 * const replay = createSessionReplay({ amplitude, sampleRate: 0.1, routes: { deny: ['/checkout/**'] } })
 * replay.start()
 */
export function createSessionReplay(options?: ReplayOptions | null): ReplayController {
  return createController(options ?? {}, buildParts)
}

/** What the controller alone reads; the rest is the plugin's. */
const CONTROLLER_OPTIONS: readonly (keyof ControllerOptions)[] = [
  'amplitude',
  'apiKey',
  'analytics',
  'routes',
  'consent',
  'pauseWhenHidden',
  'settle',
  'onEvent',
]

function buildParts(options: ReplayOptions): ReplayParts {
  const pluginOptions = { ...options }
  for (const name of CONTROLLER_OPTIONS) delete pluginOptions[name]
  const { logLevel, loggerProvider } = (options.analytics ?? {}) as StandaloneOptions
  const plugin = sessionReplayPlugin(pluginOptions)
  const { port, isOpen } = createPort(plugin)
  const setup = plugin.setup.bind(plugin)
  // Held from the set-up on, not from here: a second controller builds parts, too, and must not pause the first.
  plugin.setup = (...args) => {
    if (!isOpen()) sharedRecorder.setHolds(NOT_STARTED, plugin)
    return setup(...args)
  }
  return {
    plugin: plugin as unknown as ReplayPlugin,
    recorder: port,
    report: createReport(createLogger(logLevel, loggerProvider), options.onError),
  }
}

/** The page's recorder, which exists only while the plugin is set up, as the controller wants it: always there. */
function createPort(owner: object): { port: RecorderPort; isOpen(): boolean } {
  let open = false
  const port: RecorderPort = {
    close(reasons) {
      open = false
      if (reasons.length > 0) sharedRecorder.setHolds(reasons.map(nameOf))
      // Not somebody else's recording: whoever wants one without us may have it.
      else sharedRecorder.setHolds(NOT_STARTED, owner)
    },
    open() {
      open = true
      sharedRecorder.setHolds([])
    },
    // Handed through: a value of our own would have to follow the page's for as long as that lives.
    status: {
      get: () => translate(sharedRecorder.status.get()),
      subscribe: (run) => sharedRecorder.status.subscribe((now) => run(translate(now))),
    },
    hasRecorded: () => pipeline()?.hasRecorded() ?? false,
    knows: (node) => pipeline()?.knows(node) ?? false,
    isBlocked: (element) => pipeline()?.isBlocked(element) ?? false,
    setMaskLevel: sharedRecorder.setMaskLevel,
    maskLevel: () => sharedRecorder.get()?.maskLevel() ?? 'medium',
    limitSampleRate: sharedRecorder.limitSampleRate,
    checkpoint: () => pipeline()?.checkpoint(),
    flush: async () => pipeline()?.flush(),
    forgetUnsent: sharedRecorder.forgetUnsent,
    discardRecent: (ms) => pipeline()?.discardRecent(ms),
    explain: sharedRecorder.explain,
  }
  return { port, isOpen: () => open }
}

const pipeline = () => sharedRecorder.get()?.pipeline()

const NOT_STARTED = ['not started']

const nameOf = ({ kind, detail }: HoldInfo): string => (detail ? `${kind} ${detail}` : kind)

const WAITING = ['no-session-id', 'no-device-id', 'stopped', 'config-pending', 'targeting-pending']

function translate({ recording, reason, replayId }: SharedStatus): RecorderStatus {
  const rest = { reason, replayId }
  if (recording) return { state: 'recording', ...rest }
  if (reason === 'held') return { state: 'held', ...rest }
  if (reason === 'failed' || reason === 'bad-options') return { state: 'failed', ...rest }
  return { state: reason === null || WAITING.includes(reason) ? 'waiting' : 'excluded', ...rest }
}
