import type { ReplayRouteMeta } from '@session-replay-kit/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp, h, nextTick, ref, watchEffect } from 'vue'
import * as router5 from 'vue-router'
import * as router4 from 'vue-router-4'
import { setUp } from '../test/support/set-up.ts'
import { connectVueRouter } from './connectVueRouter.ts'
import { readMeta } from './route-meta.ts'

const page = { render: () => h('p') }
const OPTIONS = [
  { path: '/', component: page },
  { path: '/open', component: page },
  { path: '/pay', component: page, meta: { replay: 'deny' } },
  { path: '/old', redirect: '/pay' },
  { path: '/forbidden', component: page, meta: { replay: 'deny' } },
  {
    path: '/admin',
    component: { render: () => h('div') },
    meta: { replay: { mask: 'conservative' } },
    children: [
      { path: 'users', component: page, meta: { replay: { mask: 'light' } } },
      { path: 'keys', component: page, meta: { replay: 'deny' } },
    ],
  },
] as const

afterEach(() => history.replaceState(null, '', '/'))

describe.each([
  ['4', router4 as unknown as typeof router5],
  ['5', router5],
])('with vue-router %s', (_, { createMemoryHistory, createRouter, createWebHistory, RouterView }) => {
  const connect = async (path = '/', createHistory = createMemoryHistory) => {
    const history = createHistory()
    history.replace(path)
    const router = createRouter({ history, routes: OPTIONS as never })
    const world = setUp({ router })
    const app = createApp({ render: () => h(RouterView) }).use(world.plugin)
    const beforeReady = world.client.getSnapshot()
    app.use(router)
    await router.isReady().catch(() => {})
    return { ...world, router, app, beforeReady, allowed: () => world.client.getSnapshot().route?.allowed }
  }

  it('closes before the address of a restricted route is written', async () => {
    const { router, client } = await connect('/', createWebHistory)
    const seen: unknown[] = []
    const { pushState } = history
    history.pushState = function (...args) {
      seen.push(
        new URL(String(args[2]), location.href).pathname,
        client.getSnapshot().reasons.map(({ kind }) => kind),
      )
      return pushState.apply(this, args)
    }
    await router.push('/pay')
    Reflect.deleteProperty(history, 'pushState')
    expect(seen).toEqual(['/pay', ['route']])
    await router.push('/open')
    expect(client.getSnapshot().reasons).toEqual([])
  })

  it('knows the first route before the router has begun', async () => {
    const { beforeReady, allowed } = await connect('/pay')
    expect(beforeReady.route?.allowed).toBe(false)
    expect(allowed()).toBe(false)
  })

  it('follows redirects', async () => {
    const { router, allowed } = await connect()
    await router.push('/old')
    expect(allowed()).toBe(false)
    await router.push('/open')
    expect(allowed()).toBe(true)
  })

  it('goes on after a navigation that comes to nothing', async () => {
    const { router, allowed } = await connect()
    let tell: unknown = false
    router.beforeResolve((to) => {
      if (to.path !== '/forbidden') return
      expect(allowed()).toBe(false)
      if (tell instanceof Error) throw tell
      return tell as boolean
    })
    await router.push('/forbidden')
    expect(allowed()).toBe(true)
    tell = new Error('no')
    await router.push('/forbidden').catch(() => {})
    expect(allowed()).toBe(true)
    tell = '/open'
    await router.push('/forbidden')
    expect(allowed()).toBe(true)
  })

  it('does not forget a restricted route that another navigation was overtaken by', async () => {
    const { router, allowed } = await connect()
    const slow = resolvers()
    router.beforeEach((to) => (to.path === '/open' ? slow.promise : undefined))
    const first = router.push('/open')
    await router.push('/pay')
    slow.resolve()
    await first
    expect(router.currentRoute.value.path).toBe('/pay')
    expect(allowed()).toBe(false)
  })

  it('keeps a page restricted that stays on show while guards look at the way back', async () => {
    const { router, client, allowed } = await connect('/', createWebHistory)
    client.navigation.setRoutes({ deny: '/open' })
    await router.push('/open')
    for (const answer of [false, true]) {
      const slow = resolvers()
      const stop = router.beforeEach(() => slow.promise.then(() => answer))
      const popped = new Promise((done) => addEventListener('popstate', done, { once: true }))
      const concluded = new Promise<void>((done) => {
        const end = router.afterEach(() => {
          end()
          done()
        })
      })
      history.back()
      await popped
      expect(location.pathname).toBe('/')
      expect(client.navigation.evaluate().allowed).toBe(true)
      expect(allowed()).toBe(false)
      slow.resolve()
      await concluded
      stop()
      await vi.waitFor(() => expect(location.pathname).toBe(answer ? '/' : '/open'))
      expect(allowed()).toBe(answer)
    }
  })

  it('uses the mask level of the route and of its parents', async () => {
    const { router, client } = await connect()
    const mask = () => client.getSnapshot().route?.mask
    await router.push('/admin/users')
    expect(mask()).toBe('conservative')
    await router.push('/admin/keys')
    expect(client.getSnapshot().route?.allowed).toBe(false)
    await router.push('/')
    expect(mask()).toBeNull()
  })

  it('is nothing that effects of the host depend on', async () => {
    const { router } = await connect('/', createWebHistory)
    const query = ref('ferns')
    const run = vi.fn(() => history.replaceState(history.state, '', `?q=${query.value}`))
    const stop = watchEffect(run)
    await router.push('/open')
    await nextTick()
    expect(run).toHaveBeenCalledTimes(1)
    stop()
  })

  it('ends with the app', async () => {
    const { router, client, app } = await connect('/pay')
    app.mount(document.createElement('div'))
    app.unmount()
    expect(client.navigation.evaluate().allowed).toBe(true)
    await router.push('/forbidden')
    expect(client.navigation.evaluate().allowed).toBe(true)
  })
})

describe('readMeta', () => {
  const route = (...metas: unknown[]) => ({
    fullPath: '/',
    matched: metas.map((replay) => ({ meta: { replay } })),
  })

  it.each<[metas: unknown[], expected: ReplayRouteMeta | null]>([
    [[], null],
    [[undefined, null], null],
    [[{}], null],
    [['deny'], 'deny'],
    [['deny', undefined], 'deny'],
    [['deny', { mask: 'light' }], 'deny'],
    [[{ mask: 'light' }, { mask: 'medium' }], { mask: 'medium' }],
    [[{ mask: 'conservative' }, { mask: 'light' }], { mask: 'conservative' }],
    // Whatever cannot be understood is private.
    [['allow'], 'deny'],
    [[true], 'deny'],
    [[false], 'deny'],
    [[{ mask: 'strict' }], 'deny'],
    [[['deny']], 'deny'],
    [[{ deny: true }], 'deny'],
  ])('%j → %j', (metas, expected) => {
    expect(readMeta(route(...metas))).toEqual(expected)
  })

  it('takes the strictest of several routes', () => {
    expect(readMeta(route({ mask: 'light' }), null, route('deny'))).toBe('deny')
  })
})

describe('on a server', () => {
  it('does nothing', () => {
    const { client } = setUp()
    const { document } = globalThis
    Reflect.deleteProperty(globalThis, 'document')
    try {
      expect(() => connectVueRouter(client, {} as never)()).not.toThrow()
    } finally {
      globalThis.document = document
    }
  })
})

function resolvers() {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
