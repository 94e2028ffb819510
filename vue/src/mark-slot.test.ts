import { renderToString } from '@vue/server-renderer'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import {
  type Component,
  createApp,
  createCommentVNode,
  createElementBlock,
  createElementVNode,
  createSSRApp,
  defineAsyncComponent,
  defineComponent,
  Fragment,
  type FunctionalComponent,
  h,
  KeepAlive,
  mergeProps,
  nextTick,
  openBlock,
  ref,
  Suspense,
  Teleport,
  Transition,
  TransitionGroup,
  toDisplayString,
  type VNode,
} from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { setUp } from '../test/support/set-up.ts'
import { ReplayMask, ReplayPrivacyBoundary, ReplayUnmask } from './ReplayPrivacyBoundary.ts'

let warn: MockInstance
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockReturnValue()
  vi.spyOn(console, 'info').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const end of ends.splice(0)) end()
})

const ends: (() => void)[] = []
const bare = (html: string): string => html.replace(/<!--.*?-->/g, '')

/** Mounted by Vue alone. `seen` is what a recorder is told of: the elements put into the page, as they are then. */
function mount(content: () => unknown, install = (_app: ReturnType<typeof createApp>): void => {}) {
  const root = document.body.appendChild(document.createElement('div'))
  const seen: string[] = []
  const observer = new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes]))
      if (node instanceof Element) seen.push(bare(node.outerHTML))
  })
  observer.observe(root, { childList: true, subtree: true })
  const app = createApp({ render: content }).use(setUp().plugin)
  install(app)
  app.mount(root)
  ends.push(() => {
    observer.disconnect()
    app.unmount()
    root.remove()
  })
  return { root, seen, html: () => bare(root.innerHTML) }
}

/** As the template compiler writes it. */
function block(build: () => VNode): VNode {
  openBlock()
  return build()
}

const loading = ref(true)
beforeEach(() => {
  loading.value = true
})

/** As the template compiler writes `<i v-if="loading" /><p v-else>secret</p>`. */
const Body = defineComponent({
  render: () =>
    loading.value
      ? block(() => createElementBlock('i', { key: 0 }))
      : block(() => createElementBlock('p', { key: 1 }, 'secret')),
})
const Header = defineComponent({ inheritAttrs: false, render: () => h('header', 'Page') })
/** `<Header /><Body />` */
const Page = defineComponent({
  inheritAttrs: false,
  render: () => block(() => createElementBlock(Fragment, null, [h(Header), h(Body)], 64)),
})
const PAGE = '<header data-amp-mask="">Page</header><p data-amp-mask="">secret</p>'

describe('what a component far below renders later', () => {
  const around: [string, (page: () => VNode) => VNode][] = [
    ['several roots', (page) => page()],
    ['a functional component', (page) => h((() => [page()]) as FunctionalComponent)],
    ['a component that hands no attributes on', (page) => h({ inheritAttrs: false, render: page })],
    ['a slot', (page) => h(ReplayUnmask, { when: false }, page)],
    ['a kept component', (page) => h(KeepAlive, page)],
    ['Suspense', (page) => h(Suspense, page)],
    ['Suspense in a component', (page) => h({ inheritAttrs: false, render: () => h(Suspense, page) })],
  ]
  it.each(around)('is marked when it comes: %s', async (_, wrapped) => {
    const { html, seen } = mount(() => h(ReplayMask, () => wrapped(() => h(Page))))
    await nextTick()
    loading.value = false
    await nextTick()
    expect(html()).toBe(PAGE)
    expect(seen).toEqual([
      '<header data-amp-mask="">Page</header>',
      '<i data-amp-mask=""></i>',
      '<p data-amp-mask="">secret</p>',
    ])
    expect(warn.mock.calls.filter(([said]) => String(said).includes('BAD_CHILD'))).toEqual([])
  })

  it('is marked in the page of a router', async () => {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: '/', component: { render: () => h('b', 'Home') } },
        { path: '/page', component: Page },
      ],
    })
    await router.push('/')
    const { html } = mount(
      () => h(ReplayMask, () => h(RouterView)),
      (app) => app.use(router),
    )
    expect(html()).toBe('<b data-amp-mask="">Home</b>')
    await router.push('/page')
    loading.value = false
    await nextTick()
    expect(html()).toBe(PAGE)
  })

  it('is marked in what a component teleports', async () => {
    const Dialog = defineComponent({
      inheritAttrs: false,
      render: () => h(Teleport, { to: '#dialogs' }, [h(Body)]),
    })
    const dialogs = document.body.appendChild(document.createElement('div'))
    dialogs.id = 'dialogs'
    ends.push(() => dialogs.remove())
    mount(() => h(ReplayMask, () => h(Dialog)))
    loading.value = false
    await nextTick()
    expect(bare(dialogs.innerHTML)).toBe('<p data-amp-mask="">secret</p>')
  })

  it.each<[string, unknown, string]>([
    ['text', 'Robin', '<span style="display: contents;" data-amp-mask="">Robin</span>'],
    ['a list', [[h('b')], null, h('i')], '<b data-amp-mask=""></b><i data-amp-mask=""></i>'],
    ['nothing', false, ''],
  ])('is marked as it is written by hand: %s', (_, root, expected) => {
    const Written = defineComponent({ render: () => root })
    expect(mount(() => h(ReplayMask, () => h(Written))).html()).toBe(expected)
    expect(warn.mock.calls).toEqual([])
  })

  it('is marked when it is text', async () => {
    const Price = defineComponent({ inheritAttrs: false, render: () => (loading.value ? null : '5000 €') })
    const { html } = mount(() => h(ReplayMask, () => h(Price)))
    expect(html()).toBe('')
    loading.value = false
    await nextTick()
    expect(html()).toBe('<span style="display: contents;" data-amp-mask="">5000 €</span>')
  })

  it('follows the switch, and keeps its state', async () => {
    const level = ref<boolean | 'light'>(false)
    let setups = 0
    const Counted = defineComponent({
      inheritAttrs: false,
      setup: () => {
        setups++
        return () => [h('p', 'a'), h(Page)]
      },
    })
    const { html } = mount(() => h(ReplayPrivacyBoundary, { mask: level.value }, () => h(Counted)))
    loading.value = false
    for (const [next, mark] of [
      [true, ' data-amp-mask=""'],
      ['light', ' data-amp-mask="light"'],
      [false, ''],
    ] as const) {
      level.value = next
      await nextTick()
      expect(html()).toBe(`<p${mark}>a</p><header${mark}>Page</header><p${mark}>secret</p>`)
    }
    expect(setups).toBe(1)
  })
})

describe('under Suspense', () => {
  it('several roots are marked when they are moved into the page', async () => {
    let show = (): void => {}
    const ready = new Promise<void>((resolve) => {
      show = resolve
    })
    const Later = defineComponent({
      inheritAttrs: false,
      async setup() {
        await ready
        return () => [h('p', 'secret'), h(Page)]
      },
    })
    const { seen } = mount(() => h(Suspense, () => h('div', [h(ReplayMask, () => h(Later))])))
    show()
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    expect(seen).toEqual([
      '<div><p data-amp-mask="">secret</p><header data-amp-mask="">Page</header><i data-amp-mask=""></i></div>',
    ])
  })

  it('an async component is marked', async () => {
    const Later = defineAsyncComponent(async () => Page)
    const { html } = mount(() => h(ReplayMask, () => h(Suspense, () => h(Later))))
    await vi.waitFor(() => expect(html()).not.toBe(''))
    loading.value = false
    await nextTick()
    expect(html()).toBe(PAGE)
  })
})

describe('what Vue does with roots', () => {
  it('updates what the compiler calls static around something dynamic', async () => {
    const text = ref('a')
    const shown = ref(false)
    // `<section><div><b v-if="shown" />{{ text }}</div></section><p>{{ text }}</p>`
    const Compiled = defineComponent({
      inheritAttrs: false,
      render: () =>
        block(() =>
          createElementBlock(
            Fragment,
            null,
            [
              createElementVNode('section', null, [
                createElementVNode('div', null, [
                  shown.value
                    ? block(() => createElementBlock('b', { key: 0 }))
                    : createCommentVNode('v-if', true),
                  createElementVNode('u', null, toDisplayString(text.value), 1),
                ]),
              ]),
              createElementVNode('p', null, toDisplayString(text.value), 1),
            ],
            64,
          ),
        ),
    })
    const { html } = mount(() => h(ReplayMask, () => h(Compiled)))
    for (const [letter, b] of [
      ['b', '<b></b>'],
      ['c', ''],
      ['d', '<b></b>'],
    ] as const) {
      text.value = letter
      shown.value = b !== ''
      await nextTick()
      expect(html()).toBe(
        `<section data-amp-mask=""><div>${b}<u>${letter}</u></div></section><p data-amp-mask="">${letter}</p>`,
      )
    }
  })

  it('a root with a comment beside it takes over class and mark', () => {
    const Commented = defineComponent({
      render: () =>
        block(() =>
          createElementBlock(Fragment, null, [createCommentVNode('why'), createElementVNode('p')], 2112),
        ),
    })
    const { html } = mount(() => h(ReplayMask, () => h(Commented, { class: 'row' })))
    expect(html()).toBe('<p data-amp-mask="" class="row"></p>')
    expect(warn.mock.calls).toEqual([])
  })

  it('a transition swaps components with several steps', async () => {
    const first = ref(true)
    const One = defineComponent({ render: () => h('p', 'one') })
    const Two = defineComponent({ render: () => h('p', 'two') })
    const leaving: (() => void)[] = []
    const { html } = mount(() =>
      h(ReplayMask, () =>
        h(
          Transition,
          {
            css: false,
            mode: 'out-in',
            onLeave: (_element: Element, done: () => void) => leaving.push(done),
          },
          () => (first.value ? h(One) : h(Two)),
        ),
      ),
    )
    for (const [now, next] of [
      ['one', 'two'],
      ['two', 'one'],
    ]) {
      first.value = !first.value
      await nextTick()
      expect(html()).toBe(`<p data-amp-mask="">${now}</p>`)
      leaving.pop()?.()
      await nextTick()
      expect(html()).toBe(`<p data-amp-mask="">${next}</p>`)
    }
  })

  it('a transition swaps kept pages of a router', async () => {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: ['one', 'two'].map((name) => ({
        path: `/${name}`,
        component: defineComponent({ name, render: () => h('p', name) }),
      })),
    })
    await router.push('/one')
    const leaving: (() => void)[] = []
    const onLeave = (_element: Element, done: () => void) => leaving.push(done)
    const View = defineComponent({
      inheritAttrs: false,
      render: () => [
        h('hr'),
        h(RouterView, null, {
          default: ({ Component }: { Component: VNode }) =>
            h(Transition, { css: false, mode: 'out-in', onLeave }, () => h(KeepAlive, null, [h(Component)])),
        }),
      ],
    })
    const { html } = mount(
      () => h(ReplayMask, () => h(View)),
      (app) => app.use(router),
    )
    let now = 'one'
    for (const next of ['two', 'one', 'two']) {
      await router.push(`/${next}`)
      expect(html()).toBe(`<hr data-amp-mask=""><p data-amp-mask="">${now}</p>`)
      leaving.pop()?.()
      await nextTick()
      expect(html()).toBe(`<hr data-amp-mask=""><p data-amp-mask="">${next}</p>`)
      now = next
    }
  })

  it('a transition around Suspense is not started by an update', async () => {
    const text = ref('a')
    const left = vi.fn()
    const View = defineComponent({
      inheritAttrs: false,
      render: () =>
        h(Transition, { css: false, mode: 'out-in', onLeave: left }, () =>
          h(Suspense, null, { default: () => h('p', text.value) }),
        ),
    })
    const { html } = mount(() => h(ReplayMask, () => h(View)))
    text.value = 'b'
    await nextTick()
    expect(html()).toBe('<p data-amp-mask="">b</p>')
    expect(left).not.toHaveBeenCalled()
  })

  it('a list that is rendered again follows the switch', async () => {
    const when = ref(true)
    const list = [h('b'), h('i')]
    const List = defineComponent({ render: () => list })
    const { html } = mount(() => h(ReplayMask, { when: when.value }, () => h(List)))
    for (const mark of [' data-amp-mask=""', '', ' data-amp-mask=""']) {
      when.value = mark !== ''
      await nextTick()
      expect(html()).toBe(`<b${mark}></b><i${mark}></i>`)
    }
  })

  it('a group of transitions keeps its keys', async () => {
    const items = ref(['a', 'b'])
    const { html, root } = mount(() =>
      h(ReplayMask, () =>
        h(TransitionGroup, { css: false }, () => items.value.map((item) => h('li', { key: item }, item))),
      ),
    )
    const [a, b] = root.children
    items.value = ['b', 'a', 'c']
    await nextTick()
    expect(html()).toBe(['b', 'a', 'c'].map((item) => `<li data-amp-mask="">${item}</li>`).join(''))
    expect([root.children[0], root.children[1]]).toEqual([b, a])
  })

  it('a group of transitions without an element of its own moves what it holds', async () => {
    const items = ref(['a', 'b'])
    const { root } = mount(() =>
      h(ReplayMask, () => h(TransitionGroup, () => items.value.map((item) => h('li', { key: item }, item)))),
    )
    const measured = [...root.children].map((element) => vi.spyOn(element, 'getBoundingClientRect'))
    items.value = ['b', 'a']
    await nextTick()
    for (const measure of measured) expect(measure).toHaveBeenCalled()
  })

  it('a kept component comes back marked, with its state', async () => {
    const shown = ref('page')
    let setups = 0
    const Kept = defineComponent({
      name: 'KeptPage',
      inheritAttrs: false,
      setup: () => {
        setups++
        return () => [h('p', 'a'), h(Body)]
      },
    })
    const Other = defineComponent({ name: 'OtherPage', render: () => h('b') })
    const { html } = mount(() =>
      h(ReplayMask, () => h(KeepAlive, () => (shown.value === 'page' ? h(Kept) : h(Other)))),
    )
    shown.value = 'other'
    await nextTick()
    expect(html()).toBe('<b data-amp-mask=""></b>')
    loading.value = false
    shown.value = 'page'
    await nextTick()
    expect(html()).toBe('<p data-amp-mask="">a</p><p data-amp-mask="">secret</p>')
    expect(setups).toBe(1)
  })

  it('a hot update is marked', async () => {
    const { __VUE_HMR_RUNTIME__: hot } = globalThis as unknown as {
      __VUE_HMR_RUNTIME__: Record<string, (id: string, what: unknown) => void>
    }
    const Edited = defineComponent({ inheritAttrs: false, render: () => [h('p')] })
    Object.assign(Edited, { __hmrId: 'edited' })
    hot.createRecord?.('edited', Edited)
    const { html } = mount(() => h(ReplayMask, () => h(Edited)))
    hot.rerender?.('edited', () => [h('p'), h('p', 'new')])
    await nextTick()
    expect(html()).toBe('<p data-amp-mask=""></p><p data-amp-mask="">new</p>')
  })

  it('components below are not rendered anew for the mark', async () => {
    const text = ref('a')
    const rendered = vi.fn(() => h('b'))
    const Quiet = defineComponent({ render: rendered })
    const { html } = mount(() => h(ReplayMask, () => [h('p', text.value), h(Quiet)]))
    text.value = 'b'
    await nextTick()
    expect(html()).toBe('<p data-amp-mask="">b</p><b data-amp-mask=""></b>')
    expect(rendered).toHaveBeenCalledTimes(1)
  })
})

describe('the stricter of two', () => {
  const Strict = defineComponent({ render: () => h('p', { 'data-amp-mask': '' }) })
  it.each<[string, () => VNode]>([
    ['the root of a component', () => h(Strict)],
    ['the root of a component in a component', () => h({ render: () => h(Strict) })],
    ['a mask in the mask', () => h(ReplayMask, () => h('p'))],
  ])('wins over the level around it: %s', async (_, inner) => {
    const content = () => h(ReplayMask, { level: 'light' }, inner)
    expect(mount(content).html()).toBe('<p data-amp-mask=""></p>')
  })

  it.each<[string, 'light' | undefined, own: string, expected: string]>([
    ['its own full mask', 'light', '', ' data-amp-mask=""'],
    ['its own level', 'light', 'medium', ' data-amp-mask="medium"'],
    ['the full mask around it', undefined, 'light', ' data-amp-mask=""'],
  ])('on the element that a component binds $attrs to: %s', async (_, level, own, expected) => {
    const title = ref('a')
    const Field = defineComponent({
      inheritAttrs: false,
      setup: (_, { attrs }) => {
        return () => h('label', [h('output', mergeProps({ 'data-amp-mask': own }, attrs), 'NL00')])
      },
    })
    const { html } = mount(() => h(ReplayMask, { level }, () => h(Field, { title: title.value })))
    const field = (name: string) =>
      `<label data-amp-mask="${level ?? ''}"><output${expected} title="${name}">NL00</output></label>`
    expect(html()).toBe(field('a'))
    title.value = 'b'
    await nextTick()
    expect(html()).toBe(field('b'))
  })

  it.each<['light' | 'medium' | 'conservative' | undefined, expected: string]>([
    [undefined, ' data-amp-mask=""'],
    ['conservative', ' data-amp-mask="conservative"'],
    ['medium', ''],
    ['light', ''],
  ])(
    'reaches what a component teleports beside its root, unless it could be the looser one: %s',
    (level, expected) => {
      const Modal = defineComponent({
        inheritAttrs: false,
        setup: (_, { attrs }) => {
          return () => h('div', [h(Teleport, { to: '#dialogs' }, [h('dialog', { ...attrs }, 'Robin')])])
        },
      })
      const dialogs = document.body.appendChild(document.createElement('div'))
      dialogs.id = 'dialogs'
      ends.push(() => dialogs.remove())
      mount(() => h(ReplayMask, { level }, () => h(Modal)))
      expect(bare(dialogs.innerHTML)).toBe(`<dialog${expected}>Robin</dialog>`)
    },
  )

  it('wins on a server, too', async () => {
    const content = () => h(ReplayMask, { level: 'light' }, () => h(ReplayMask, () => h('p')))
    expect(bare(await renderToString(createSSRApp({ render: content })))).toBe('<p data-amp-mask></p>')
  })
})

describe('markup of a server', () => {
  const WRAPPER = '<span style="display: contents;" data-amp-mask="">'
  const hydrate = async (component: Component) => {
    const root = document.createElement('div')
    const content = { render: () => h('main', [h(ReplayMask, () => h(component))]) }
    root.innerHTML = await renderToString(createSSRApp(content))
    const error = vi.spyOn(console, 'error').mockReturnValue()
    const app = createSSRApp(content)
    app.mount(root)
    const html = () => bare(root.innerHTML)
    ends.push(() => app.unmount())
    return { atFirst: html(), html, error }
  }

  it('is marked when it is taken over, and a developer is told', async () => {
    const { html, error } = await hydrate(Page)
    expect(html()).toBe('<main><header data-amp-mask="">Page</header><i data-amp-mask=""></i></main>')
    expect(warn.mock.calls.some(([said]) => String(said).includes('BAD_CHILD'))).toBe(true)
    expect(error).not.toHaveBeenCalled()
    loading.value = false
    await nextTick()
    expect(html()).toBe(`<main>${PAGE}</main>`)
  })

  it.each<[string, root: unknown, server: string, marked: string]>([
    ['text', '5000 €', '5000 €', `${WRAPPER}5000 €</span>`],
    [
      'text beside an element',
      ['Salary: ', h('b', '5000')],
      'Salary: <b data-amp-mask="">5000</b>',
      `${WRAPPER}Salary: </span><b data-amp-mask="">5000</b>`,
    ],
  ])('is taken over before %s gets an element, and a developer is told', async (_, root, server, marked) => {
    const { atFirst, html, error } = await hydrate({ render: () => root })
    expect(atFirst).toBe(`<main>${server}</main>`)
    expect(error).not.toHaveBeenCalled()
    await nextTick()
    expect(html()).toBe(`<main>${marked}</main>`)
    expect(warn.mock.calls.some(([said]) => String(said).includes('BAD_CHILD'))).toBe(true)
  })

  it('keeps the mark of a single root', async () => {
    const { html } = await hydrate(Body)
    expect(html()).toBe('<main><i data-amp-mask=""></i></main>')
    expect(warn.mock.calls).toEqual([])
  })
})
