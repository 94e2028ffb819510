import type { ReplayController } from '@session-replay-kit/core'
import type { InjectionKey } from 'vue'

/** Where the plugin leaves the controller. Provide one here to do without the plugin, as tests like to. */
export const sessionReplayKey: InjectionKey<ReplayController> = Symbol('session replay')
