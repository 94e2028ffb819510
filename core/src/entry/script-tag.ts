/** For pages without a bundler: one file that defines `window.sessionReplay` with the plugin and the standalone functions. */
import { SessionReplayPlugin, sessionReplayPlugin } from './plugin.ts'
import * as standalone from './standalone.ts'

const sessionReplay = { ...standalone, SessionReplayPlugin, sessionReplayPlugin, plugin: sessionReplayPlugin }

declare global {
  interface Window {
    sessionReplay?: typeof sessionReplay
  }
}

window.sessionReplay = sessionReplay
