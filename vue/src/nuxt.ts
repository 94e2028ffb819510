import type { ReplayController, ReplayOptions } from '@session-replay-kit/core'
import type { App } from 'vue'
import type { RouterLike } from './connectVueRouter.ts'
import {
  createSessionReplayPlugin,
  type SessionReplayVuePlugin,
  type VueReplayOptions,
} from './createSessionReplayPlugin.ts'

/** What is used of Nuxt's app: the argument of `defineNuxtPlugin`. */
export interface NuxtAppLike {
  readonly vueApp: App
  readonly $router?: unknown
  hook(name: 'page:finish' | 'page:transition:finish', run: () => void): unknown
}

/**
 * For a Nuxt plugin that runs on server and client: directives mark the server's HTML, recording starts in the browser
 * only, follows `definePageMeta({ replay })`, and goes on when a page and its transition have finished.
 *
 * @example
 * export default defineNuxtPlugin((nuxtApp) => {
 *   installSessionReplay(nuxtApp, { apiKey: useRuntimeConfig().public.amplitudeKey, sampleRate: 0.1 })
 * })
 */
export function installSessionReplay(
  nuxtApp: NuxtAppLike,
  source: (ReplayOptions | ReplayController) & VueReplayOptions,
): SessionReplayVuePlugin {
  const plugin = createSessionReplayPlugin(
    source,
    nuxtApp.$router ? { router: nuxtApp.$router as RouterLike } : {},
  )
  nuxtApp.vueApp.use(plugin)
  for (const name of ['page:finish', 'page:transition:finish'] as const) {
    nuxtApp.hook(name, () => plugin.client.navigation.committed())
  }
  return plugin
}
