import { render } from '@testing-library/vue'
import { describe, expect, it, vi } from 'vitest'
import {
  type Component,
  createApp,
  defineComponent,
  h,
  KeepAlive,
  nextTick,
  type Ref,
  ref,
  resolveDirective,
  Suspense,
  shallowRef,
  Teleport,
  Transition,
  type VNode,
  withDirectives,
} from 'vue'
import { setUp } from '../test/support/set-up.ts'
import { PauseReplay } from './PauseReplay.ts'
import { usePauseReplay } from './usePauseReplay.ts'

const holds = ({ getSnapshot }: ReturnType<typeof setUp>['client']): number =>
  getSnapshot().reasons.reduce((sum, { count }) => sum + count, 0)

const bare = (html: string): string => html.replace(/<!--.*?-->/g, '')

function noteAll(nodes: Set<Node>): void {
  const walker = document.createTreeWalker(document)
  while (walker.nextNode()) nodes.add(walker.currentNode)
}

describe('usePauseReplay', () => {
  it('holds before the component has rendered', () => {
    const { plugin, client } = setUp()
    let whileRendering = -1
    const Page = defineComponent(() => {
      usePauseReplay()
      return () => {
        whileRendering = holds(client)
        return h('p')
      }
    })
    render(Page, { global: { plugins: [plugin] } })
    expect(whileRendering).toBe(1)
  })

  it('follows a ref in the same step', () => {
    const { plugin, client } = setUp()
    const when = ref(false)
    let held: Readonly<Ref<boolean>> | undefined
    const Page = defineComponent(() => {
      held = usePauseReplay(when, { detail: 'step 2' }).held
      return () => h('p')
    })
    const { unmount } = render(Page, { global: { plugins: [plugin] } })
    expect([held?.value, holds(client)]).toEqual([false, 0])
    when.value = true
    expect([held?.value, holds(client)]).toEqual([true, 1])
    expect(client.getSnapshot().reasons[0]?.detail).toBe('step 2')
    when.value = false
    expect([held?.value, holds(client)]).toEqual([false, 0])
    when.value = true
    unmount()
    expect([held?.value, holds(client)]).toEqual([false, 0])
    when.value = false
    when.value = true
    expect(holds(client)).toBe(0)
  })

  it('makes nothing that renders around it depend on its condition', async () => {
    const { plugin } = setUp()
    const shown = ref(true)
    const when = ref(true)
    const Secret = defineComponent(() => {
      usePauseReplay(when)
      return () => h('p')
    })
    const rendered = vi.fn(() => (shown.value ? h(Secret) : h('b')))
    render(defineComponent({ render: () => h(KeepAlive, rendered) }), { global: { plugins: [plugin] } })
    for (const isShown of [false, true]) {
      shown.value = isShown
      await nextTick()
    }
    rendered.mockClear()
    when.value = false
    await nextTick()
    expect(rendered).not.toHaveBeenCalled()
  })

  it('holds only while a kept component is shown', async () => {
    const { plugin, client } = setUp()
    const shown = ref('secret')
    const when = ref(true)
    const Secret = defineComponent({
      name: 'SecretPage',
      setup() {
        usePauseReplay(when)
        return () => h('p', 'Salary: 5000')
      },
    })
    const Open = defineComponent({ name: 'OpenPage', render: () => h('p', 'Hello') })
    const App = defineComponent(
      () => () => h(KeepAlive, null, [shown.value === 'secret' ? h(Secret) : h(Open)]),
    )
    const { unmount } = render(App, { global: { plugins: [plugin] } })
    expect(holds(client)).toBe(1)
    shown.value = 'open'
    await nextTick()
    expect(holds(client)).toBe(0)
    when.value = false
    when.value = true
    expect(holds(client)).toBe(0)
    shown.value = 'secret'
    await nextTick()
    expect(holds(client)).toBe(1)
    unmount()
    expect(holds(client)).toBe(0)
  })

  it('holds only while everything around a kept component is shown', async () => {
    const { plugin, client } = setUp()
    const outer = ref(true)
    const inner = ref(true)
    const Secret = defineComponent(() => {
      usePauseReplay()
      return () => h('p', 'Salary: 5000')
    })
    const Other = defineComponent({ render: () => h('b') })
    const Page = defineComponent(
      () => () => h('main', [h(KeepAlive, null, [h(inner.value ? Secret : Other)])]),
    )
    const App = defineComponent(() => () => h(KeepAlive, null, [h(outer.value ? Page : Other)]))
    const { unmount } = render(App, { global: { plugins: [plugin] } })
    for (const [isOuter, isInner, expected] of [
      [false, true, 0],
      [true, true, 1],
      [true, false, 0],
      [false, false, 0],
      [true, false, 0],
      [true, true, 1],
    ] as const) {
      outer.value = isOuter
      inner.value = isInner
      await nextTick()
      expect(holds(client)).toBe(expected)
    }
    unmount()
    expect(holds(client)).toBe(0)
  })

  it('holds before a kept component is back, also while Suspense waits', async () => {
    vi.spyOn(console, 'info').mockReturnValue()
    const { plugin, client } = setUp()
    const secret = ref(true)
    const leaving = ref(false)
    const Secret = defineComponent(() => {
      usePauseReplay()
      return () => h('p', 'Salary: 5000')
    })
    const Other = defineComponent({ render: () => h('b') })
    const Never = defineComponent({ setup: () => new Promise<() => null>(() => {}) })
    const Page = defineComponent(() => () => h(KeepAlive, null, [h(secret.value ? Secret : Other)]))
    const App = defineComponent(() => () => h(Suspense, () => (leaving.value ? h(Never) : h(Page))))
    const { container } = render(App, { global: { plugins: [plugin] } })
    secret.value = false
    await nextTick()
    expect(holds(client)).toBe(0)
    leaving.value = true
    await nextTick()
    secret.value = true
    await nextTick()
    expect([container.textContent, holds(client)]).toEqual(['Salary: 5000', 1])
    vi.restoreAllMocks()
  })

  it('counts components', () => {
    const { plugin, client } = setUp()
    const App = defineComponent(() => () => [h(PauseReplay), h(PauseReplay), h(PauseReplay, { when: false })])
    const { unmount } = render(App, { global: { plugins: [plugin] } })
    expect(holds(client)).toBe(2)
    unmount()
    expect(holds(client)).toBe(0)
  })
})

describe('what comes in the place of a paused component', () => {
  const Start = defineComponent({ name: 'StartPage', render: () => h('i', 'Start') })
  const Next = defineComponent({ name: 'NextPage', render: () => h('b', 'Hello') })
  const Secret = defineComponent({
    name: 'SecretPage',
    setup() {
      usePauseReplay()
      return () => h('p', 'Salary: 5000')
    },
  })
  const Below = defineComponent({ name: 'BelowPage', render: () => h('section', [h(Secret)]) })
  const Directed = defineComponent({
    name: 'DirectedPage',
    render: () => withDirectives(h('p', 'Salary: 5000'), [[resolveDirective('amp-pause')] as never]),
  })
  const alone = '<component :is="page" />'
  const kept = `<KeepAlive>${alone}</KeepAlive>`

  it.each<[string, Component, around: string]>([
    ['usePauseReplay', Secret, alone],
    ['v-amp-pause', Directed, alone],
    ['usePauseReplay, kept', Secret, kept],
    ['usePauseReplay below what is kept', Below, kept],
  ])('is not taken for what is leaving: %s', async (_, Paused, around) => {
    const recorded = new Set<Node>()
    const { plugin, client } = setUp({}, recorded)
    const page = shallowRef<Component>(Start)
    // The header comes in before the page is let go.
    const App = defineComponent({
      setup: () => ({ page, isOpen: () => page.value !== Paused }),
      template: `<main><header v-if="isOpen()">Shop</header>${around}</main>`,
    })
    const { container } = render(App, { global: { plugins: [plugin] } })
    await client.whenIdle()
    noteAll(recorded)
    page.value = Paused
    await nextTick()
    expect(holds(client)).toBe(1)
    page.value = Next
    await nextTick()
    expect(client.getSnapshot().isRecording).toBe(false)
    await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true))
    expect(bare(container.innerHTML)).toBe('<main><header>Shop</header><b>Hello</b></main>')
  })
})

describe('a paused component that leaves slowly', () => {
  const Secret = defineComponent({
    name: 'SecretPage',
    setup() {
      usePauseReplay()
      return () => h('p', 'Salary: 5000')
    },
  })
  const Directed = defineComponent({
    render: () => withDirectives(h('p', 'Salary: 5000'), [[resolveDirective('amp-pause')] as never]),
  })

  it.each<[string, Component, (page: VNode | null) => VNode | null]>([
    ['usePauseReplay', Secret, (page) => page],
    ['v-amp-pause', Directed, (page) => page],
    ['usePauseReplay, kept', Secret, (page) => h(KeepAlive, null, [page])],
  ])('is waited for: %s', async (_, Paused, around) => {
    // jsdom has no layout.
    Element.prototype.checkVisibility = () => true
    const recorded = new Set<Node>()
    const { plugin, client } = setUp({ settle: { quietMs: 10, maxWaitMs: 5000 } }, recorded)
    const shown = ref(false)
    let leave = (): void => {}
    const onLeave = (_element: Element, done: () => void): void => {
      leave = done
    }
    const root = document.body.appendChild(document.createElement('div'))
    const app = createApp(() =>
      h(Transition, { css: false, onLeave }, () => around(shown.value ? h(Paused) : null)),
    ).use(plugin)
    app.mount(root)
    await client.whenIdle()
    noteAll(recorded)
    shown.value = true
    await nextTick()
    expect(root.textContent).toBe('Salary: 5000')
    vi.useFakeTimers()
    shown.value = false
    await nextTick()
    // Far beyond `quietMs`.
    await vi.advanceTimersByTimeAsync(150)
    expect([root.textContent, client.getSnapshot().isRecording]).toEqual(['Salary: 5000', false])
    leave()
    await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true))
    expect(root.textContent).toBe('')
    vi.useRealTimers()
    app.unmount()
    root.remove()
    Reflect.deleteProperty(Element.prototype, 'checkVisibility')
  })
})

describe('PauseReplay', () => {
  it('renders its slot and nothing else, inside Teleport and Transition too', async () => {
    const { plugin, client } = setUp()
    const open = ref(true)
    const App = defineComponent(
      () => () =>
        h('main', [
          h(PauseReplay, { when: open.value, detail: 'dialog' }, { default: () => [h('b', 'shown')] }),
          h(Teleport, { to: 'body' }, [
            h(Transition, { css: false }, () =>
              open.value ? h(PauseReplay, () => [h('i', 'over it')]) : null,
            ),
          ]),
        ]),
    )
    const { container } = render(App, { global: { plugins: [plugin] } })
    expect(container.innerHTML).toContain('<b>shown</b>')
    expect(document.querySelector('i')?.textContent).toBe('over it')
    expect(holds(client)).toBe(2)
    open.value = false
    await nextTick()
    expect(holds(client)).toBe(0)
  })
})
