import { createSessionReplayPlugin, useSessionReplay } from '@session-replay-kit/vue'
import { createApp, defineComponent, h, KeepAlive, Suspense, Transition, type VNode } from 'vue'
import { createRouter, createWebHashHistory, createWebHistory, RouterLink, RouterView } from 'vue-router'
import { askingPage, maskedPage, openPage, secretPage, waitingPage } from './pages.ts'

/** What a test sets before the page loads. */
interface Fixture {
  history: 'web' | 'hash'
  view: 'plain' | 'out-in' | 'keep-alive' | 'suspense'
  /** Without it only the rules for addresses are there. */
  connected: boolean
}

declare global {
  interface Window {
    fixture: Fixture
    replay: ReturnType<typeof createSessionReplayPlugin>['client']
    router: typeof router
  }
}

const { history, view, connected } = window.fixture
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const router = createRouter({
  history: history === 'hash' ? createWebHashHistory() : createWebHistory(),
  routes: [
    { path: '/', component: openPage('home') },
    { path: '/list', component: openPage('list') },
    { path: '/waiting', component: waitingPage('waiting') },
    { path: '/slow', component: openPage('slow'), beforeEnter: () => wait(150) },
    { path: '/billing/asking', component: askingPage('classified-billing') },
    { path: '/billing/:id', component: secretPage('classified-billing') },
    { path: '/payroll', component: secretPage('classified-payroll'), meta: { replay: 'deny' } },
    {
      path: '/vault',
      component: () => wait(60).then(() => import('./vault.ts')),
      meta: { replay: 'deny' },
    },
    { path: '/go', redirect: '/payroll' },
    { path: '/leave', redirect: '/list' },
    {
      path: '/admin',
      component: defineComponent(() => () => h('div', { class: 'admin' }, [h(RouterView)])),
      meta: { replay: 'deny' },
      children: [{ path: 'keys', component: secretPage('classified-keys') }],
    },
    {
      path: '/account',
      component: maskedPage('classified-account'),
      meta: { replay: { mask: 'conservative' } },
    },
  ],
})

const plugin = createSessionReplayPlugin(
  {
    apiKey: 'test-key',
    analytics: { autocapture: false, fetchRemoteConfig: false },
    sampleRate: 1,
    routes: {
      deny: connected ? '/billing/**' : ['/billing/**', '/payroll', '/vault', '/admin/**'],
      rules: connected ? [] : [{ match: '/account', mask: 'conservative' }],
    },
  },
  connected ? { router } : {},
)

const Badge = defineComponent(() => {
  const { status } = useSessionReplay()
  // Its width must not move the page: what it says is not part of any comparison.
  return () => h('output', { 'data-amp-block': '' }, status.value)
})

const page = (Component: VNode | undefined): VNode | null => {
  if (!Component) return null
  if (view === 'out-in') return h(Transition, { name: 'fade', mode: 'out-in' }, () => [h(Component)])
  if (view === 'keep-alive') return h(KeepAlive, () => [h(Component)])
  if (view === 'suspense') return h(Suspense, () => [h(Component)])
  return h(Component)
}

const App = defineComponent(() => () => [
  h('nav', [
    ...[
      '/',
      '/list',
      '/slow',
      '/waiting',
      '/billing/7',
      '/billing/asking',
      '/payroll',
      '/vault',
      '/go',
      '/leave',
      '/admin/keys',
      '/account',
    ].map((to) => h(RouterLink, { to, 'data-to': to }, () => to.slice(1) || 'home')),
    h(Badge),
  ]),
  h('main', [h(RouterView, null, { default: ({ Component }: { Component?: VNode }) => page(Component) })]),
])

window.replay = plugin.client
window.router = router

createApp(App).use(router).use(plugin).mount('#app')
