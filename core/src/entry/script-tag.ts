/** For pages without a bundler: one file that defines `window.sessionReplay` with the plugin and the standalone functions. */
import { SessionReplayPlugin, sessionReplayPlugin } from './plugin.ts'
// By name: the object that bundlers make for `import *` fails on pages that add to Object.prototype.
import {
  evaluateTargetingAndCapture,
  explain,
  flush,
  getSessionId,
  getSessionReplayProperties,
  init,
  setSessionId,
  shutdown,
  start,
  stop,
} from './standalone.ts'

const sessionReplay = {
  init,
  setSessionId,
  getSessionId,
  getSessionReplayProperties,
  evaluateTargetingAndCapture,
  explain,
  flush,
  start,
  stop,
  shutdown,
  SessionReplayPlugin,
  sessionReplayPlugin,
  plugin: sessionReplayPlugin,
}

declare global {
  interface Window {
    sessionReplay?: typeof sessionReplay
  }
}

if (typeof window !== 'undefined') window.sessionReplay = sessionReplay
