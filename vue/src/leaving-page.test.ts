import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Component,
  createApp,
  defineAsyncComponent,
  defineComponent,
  h,
  inject,
  KeepAlive,
  nextTick,
  Suspense,
  type VNode,
} from 'vue'
import * as router5 from 'vue-router'
import * as router4 from 'vue-router-4'
import { setUp } from '../test/support/set-up.ts'

describe.each([
  ['4', router4 as unknown as typeof router5],
  ['5', router5],
])('a page of vue-router %s that the address has left', (_, router) => {
  const { createMemoryHistory, createRouter, routeLocationKey, RouterView } = router
  let data = resolvers()
  const ends: (() => void)[] = []
  beforeEach(() => {
    data = resolvers()
    vi.spyOn(console, 'info').mockReturnValue()
  })
  afterEach(() => {
    for (const end of ends.splice(0)) end()
    vi.restoreAllMocks()
  })

  const Late = defineComponent({
    name: 'LatePage',
    setup: () => data.promise.then(() => () => h('p', 'Home')),
  })
  const Next = defineComponent({ render: () => h('p', 'Next') })
  const Secret = defineComponent({ name: 'SecretPage', render: () => h('p', 'Salary: 5000') })
  const Admin = defineComponent(() => () => h('div', ['Salaries', h(RouterView)]))
  const Numbered = defineComponent(() => {
    const route = inject(routeLocationKey, null)
    return () => h('p', `Number ${route?.fullPath}`)
  })
  const routes = [
    { path: '/', component: Next },
    { path: '/pay', components: { default: Secret, side: Secret } },
    { path: '/admin', component: Admin, children: [{ path: 'keys', component: Secret }] },
    { path: '/wrapped', component: defineAsyncComponent(async () => Secret) },
    { path: '/late', component: Late },
    { path: '/next', component: Next },
    { path: '/number/:id', component: Numbered },
    { path: '/async/:id', component: defineAsyncComponent(async () => Numbered) },
  ]
  type Wrap = (page: VNode | undefined, path: string) => VNode | undefined
  const plain: Wrap = (page) => page
  const suspended: Wrap = (page) => h(Suspense, () => page)
  const kept: Wrap = (page) => h(KeepAlive, () => page)

  /** Goes there, where recording is not allowed, and notes what is in the document when it is allowed again. */
  const visit = async (path: string, wrap: Wrap, View: Component = RouterView) => {
    const router = createRouter({ history: createMemoryHistory(), routes })
    const root = document.body.appendChild(document.createElement('div'))
    const allowed: string[] = []
    const { plugin, client } = setUp({ router })
    client.navigation.setRoutes({ deny: [path] })
    const isAllowed = () => client.getSnapshot().route?.allowed
    const { evaluate } = client.navigation
    vi.spyOn(client.navigation, 'evaluate').mockImplementation((url) => {
      const decision = evaluate(url)
      if (isAllowed()) allowed.push(root.textContent)
      return decision
    })
    const committed = vi.spyOn(client.navigation, 'committed')
    const app = createApp(() =>
      h(View, null, {
        default: ({ Component, route }: { Component?: VNode; route: { path: string } }) =>
          wrap(Component, route.path),
      }),
    )
    app.use(router).use(plugin)
    void router.push(path)
    await router.isReady()
    app.mount(root)
    ends.push(() => {
      app.unmount()
      root.remove()
    })
    await vi.waitFor(() => expect(root.textContent).not.toBe(''))
    await nextTick()
    committed.mockClear()
    allowed.length = 0
    expect(isAllowed()).toBe(false)
    return { router, root, allowed, committed, isAllowed }
  }

  const Both = defineComponent((_, { slots }) => () => [
    h(RouterView, null, slots),
    h(RouterView, { name: 'side' }, slots),
  ])
  it.each<[string, path: string, wrap: Wrap, view?: Component]>([
    ['one', '/pay', suspended],
    ['one of two views', '/pay', suspended, Both],
    ['one in a layout', '/admin/keys', suspended],
    ['one that was loaded by a wrapper', '/wrapped', suspended],
  ])('is restricted until the data of the next is there: %s', async (_, path, wrap, view) => {
    const { router, root, allowed, committed, isAllowed } = await visit(path, wrap, view)
    await router.push('/late')
    await nextTick()
    expect([isAllowed(), allowed, committed.mock.calls]).toEqual([false, [], []])
    const left = root.textContent
    expect(left).toContain('Salar')
    data.resolve()
    await vi.waitFor(() => expect(root.textContent).toContain('Home'))
    // How it leaves is seen by the controller.
    expect([isAllowed(), allowed]).toEqual([true, [left]])
    await vi.waitFor(() => expect(committed).toHaveBeenCalledTimes(1))
  })

  it('may be left for another page meanwhile, or be come back to', async () => {
    const { router, allowed, isAllowed } = await visit('/pay', suspended)
    await router.push('/late')
    await router.push('/pay')
    await nextTick()
    expect(isAllowed()).toBe(false)
    await router.push('/late')
    await nextTick()
    expect([isAllowed(), allowed]).toEqual([false, []])
    await router.push('/next')
    await nextTick()
    expect([isAllowed(), allowed]).toEqual([true, ['Salary: 5000']])
  })

  it.each<[string, from: string, to: string, wrap: Wrap]>([
    ['another page', '/pay', '/next', plain],
    ['another kept page', '/pay', '/next', kept],
    ['another page in the layout', '/admin/keys', '/admin', plain],
    ['the same component', '/number/1', '/number/2', plain],
    ['the same component in Suspense', '/number/1', '/number/2', suspended],
    ['the same kept component', '/number/1', '/number/2', kept],
    ['the same component in its wrapper', '/async/1', '/async/2', plain],
    [
      'the same component with a key',
      '/number/1',
      '/number/2',
      (page, path) => page && h(page, { key: path }),
    ],
  ])('is left at once for %s', async (_, from, to, wrap) => {
    const { router, allowed, committed, isAllowed, root } = await visit(from, wrap)
    const secret = root.textContent
    await router.push(to)
    await nextTick()
    expect([isAllowed(), allowed]).toEqual([true, [secret]])
    await nextTick()
    expect(committed).toHaveBeenCalledTimes(1)
  })
})

function resolvers() {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
