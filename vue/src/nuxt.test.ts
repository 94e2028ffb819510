import { createSessionReplay } from '@session-replay-kit/core'
import { expect, it, vi } from 'vitest'
import { createApp, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { installSessionReplay, type NuxtAppLike } from './nuxt.ts'

it('installs the plugin, follows the router and hands page hooks on', async () => {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: { render: () => null } },
      { path: '/pay', component: { render: () => null }, meta: { replay: 'deny' } },
    ],
  })
  const hooks: Record<string, () => void> = {}
  const vueApp = createApp({ render: () => h('p') }).use(router)
  const nuxtApp: NuxtAppLike = {
    vueApp,
    $router: router,
    hook: (name, run) => {
      hooks[name] = run
    },
  }
  const client = createSessionReplay({ amplitude: null })
  const committed = vi.spyOn(client.navigation, 'committed')
  expect(installSessionReplay(nuxtApp, client).client).toBe(client)

  vueApp.mount(document.createElement('div'))
  await router.push('/pay')
  expect(client.getSnapshot().route?.allowed).toBe(false)
  committed.mockClear()
  expect(Object.keys(hooks)).toEqual(['page:finish', 'page:transition:finish'])
  for (const run of Object.values(hooks)) run()
  expect(committed).toHaveBeenCalledTimes(2)
  vueApp.unmount()
  await client.dispose()
})
