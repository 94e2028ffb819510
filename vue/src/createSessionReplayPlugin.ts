import { createSessionReplay, type ReplayController, type ReplayOptions } from '@session-replay-kit/core'
import { watchFalseAttributes } from '@session-replay-kit/core/props'
import { type App, markRaw, type Plugin, warn } from 'vue'
import { connectVueRouter, type RouterLike } from './connectVueRouter.ts'
import { isDevelopment } from './development.ts'
import { createDirectives } from './directives.ts'
import { sessionReplayKey } from './key.ts'

export interface VueReplayOptions {
  /** A vue-router 4 or 5. Recording follows `meta.replay` and resumes sooner; `routes` work without it. */
  router?: RouterLike | undefined
  /** Registers `v-amp-mask`, `v-amp-unmask`, `v-amp-block` and `v-amp-pause`. @default true */
  directives?: boolean | undefined
}

/** `app.use(plugin)`; `plugin.client` is the controller, for code outside of components. */
export type SessionReplayVuePlugin = Plugin<[]> & {
  readonly client: ReplayController
  install(app: App): void
}

/**
 * Records the app: give the options of `createSessionReplay`, or a controller that is there already. Recording starts
 * with `app.use()`, before anything is mounted, and ends with `app.unmount()`; several apps may use the same plugin.
 * Inert on a server.
 *
 * @example
 * const replay = createSessionReplayPlugin({ apiKey, sampleRate: 0.1, routes: { deny: '/checkout/**' }, router })
 * createApp(App).use(router).use(replay).mount('#app')
 */
export function createSessionReplayPlugin(
  source: (ReplayOptions | ReplayController) & VueReplayOptions = {},
  extras: VueReplayOptions = {},
): SessionReplayVuePlugin {
  const { router = source.router, directives = source.directives ?? true } = extras
  const client = markRaw(isController(source) ? source : createSessionReplay(withoutExtras(source)))
  const apps = new WeakSet<App>()

  return {
    client,
    install(app) {
      if (apps.has(app)) return
      apps.add(app)
      app.provide(sessionReplayKey, client)
      app.config.globalProperties.$sessionReplay = client
      if (directives) {
        for (const [name, directive] of Object.entries(createDirectives(client)))
          app.directive(name, directive)
      }
      // The router first: what it says about this page must be known when recording starts.
      const disconnect = router && connectVueRouter(client, router)
      const stop = client.start()
      let unwatch = (): void => {}
      if (isDevelopment && typeof document !== 'undefined')
        unwatch = watchFalseAttributes((said) => warn(`[session-replay] FALSE_ATTRIBUTE: ${said}`))
      app.onUnmount(() => {
        apps.delete(app)
        disconnect?.()
        unwatch()
        stop()
      })
    },
  }
}

const isController = (source: object): source is ReplayController => 'getSnapshot' in source

function withoutExtras({
  router: _router,
  directives: _directives,
  ...options
}: ReplayOptions & VueReplayOptions): ReplayOptions {
  return options
}

declare module 'vue' {
  interface ComponentCustomProperties {
    /** The controller. For refs that follow it, use `useSessionReplay()`. */
    $sessionReplay: ReplayController
  }
}
