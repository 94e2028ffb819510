import { render } from '@testing-library/vue'
import { renderToString } from '@vue/server-renderer'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import {
  createApp,
  createSSRApp,
  createStaticVNode,
  defineComponent,
  Fragment,
  h,
  KeepAlive,
  nextTick,
  ref,
  Suspense,
  Teleport,
  Transition,
  type VNode,
} from 'vue'
import { setUp } from '../test/support/set-up.ts'
import { ReplayBlock, ReplayMask, ReplayPrivacyBoundary, ReplayUnmask } from './ReplayPrivacyBoundary.ts'
import { usePrivacyProps } from './usePrivacyProps.ts'

let warn: MockInstance
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => {
  expect(warn.mock.calls).toEqual([])
  warn.mockRestore()
})

/** Mounted by Vue alone: Testing Library replaces transitions. */
function html(content: () => VNode | VNode[] | null): string {
  const root = document.createElement('div')
  createApp({ render: content }).use(setUp().plugin).mount(root)
  return root.innerHTML.replace(/<!--.*?-->/g, '')
}

const Card = defineComponent({ render: () => h('article', 'Robin') })
const Pair = defineComponent({ inheritAttrs: false, render: () => [h('dt', 'Name'), h('dd', 'Robin')] })

describe('what is rendered', () => {
  it.each<[string, () => VNode, string]>([
    ['an element', () => h(ReplayMask, () => h('p', 'Robin')), '<p data-amp-mask="">Robin</p>'],
    ['a level', () => h(ReplayMask, { level: 'light' }, () => h('p')), '<p data-amp-mask="light"></p>'],
    ['an empty level', () => h(ReplayMask, { level: '' as never }, () => h('p')), '<p data-amp-mask=""></p>'],
    ['no level', () => h(ReplayMask, { level: 'dark' as never }, () => h('p')), '<p data-amp-mask=""></p>'],
    [
      'an empty mask',
      () => h(ReplayPrivacyBoundary, { mask: '' as never }, () => h('p')),
      '<p data-amp-mask=""></p>',
    ],
    ['switched off', () => h(ReplayMask, { when: false }, () => h('p')), '<p></p>'],
    ['unmask', () => h(ReplayUnmask, () => h('p')), '<p data-amp-unmask=""></p>'],
    ['block', () => h(ReplayBlock, () => h('p')), '<p data-amp-block=""></p>'],
    [
      'a boundary',
      () => h(ReplayPrivacyBoundary, { mask: 'medium', block: true }, () => h('p')),
      '<p data-amp-mask="medium" data-amp-block=""></p>',
    ],
    ['a component', () => h(ReplayMask, () => h(Card)), '<article data-amp-mask="">Robin</article>'],
    [
      'several roots',
      () => h(ReplayMask, () => [h('b'), h('i')]),
      '<b data-amp-mask=""></b><i data-amp-mask=""></i>',
    ],
    [
      'a fragment',
      () => h(ReplayMask, () => h(Fragment, [h('b'), h('i')])),
      '<b data-amp-mask=""></b><i data-amp-mask=""></i>',
    ],
    [
      'text, numbers and lists in a fragment',
      () => h(ReplayMask, () => h(Fragment, ['Robin', 0, [h('b'), [h('i')]], null, false, h('u')])),
      '<span style="display: contents;" data-amp-mask="">Robin</span>' +
        '<span style="display: contents;" data-amp-mask="">0</span>' +
        '<b data-amp-mask=""></b><i data-amp-mask=""></i><u data-amp-mask=""></u>',
    ],
    [
      'loose text',
      () => h(ReplayMask, () => 'Robin'),
      '<span style="display: contents;" data-amp-mask="">Robin</span>',
    ],
    [
      'static markup',
      () => h(ReplayMask, () => createStaticVNode('<b></b><i></i>', 2)),
      '<span style="display: contents;" data-amp-mask=""><b></b><i></i></span>',
    ],
    ['a transition', () => h(ReplayMask, () => h(Transition, () => h('p'))), '<p data-amp-mask=""></p>'],
    [
      'a kept component',
      () => h(ReplayMask, () => h(KeepAlive, () => h(Card))),
      '<article data-amp-mask="">Robin</article>',
    ],
    [
      'suspense',
      () => h(ReplayMask, () => h(Suspense, () => h(Card))),
      '<article data-amp-mask="">Robin</article>',
    ],
    [
      'its own attributes',
      () => h(ReplayMask, { class: 'row' }, () => h('p')),
      '<p data-amp-mask="" class="row"></p>',
    ],
    [
      'the stricter of two',
      () => h(ReplayMask, { level: 'light' }, () => h('p', { 'data-amp-mask': 'medium' })),
      '<p data-amp-mask="medium"></p>',
    ],
    [
      'an unmask inside a mask',
      () => h(ReplayMask, () => h(ReplayUnmask, () => h('p'))),
      '<p data-amp-mask="" data-amp-unmask=""></p>',
    ],
    ['nothing', () => h(ReplayMask), ''],
  ])('%s', (_, content, expected) => {
    expect(html(content)).toBe(expected)
  })

  it('is the same on the server', async () => {
    const app = createSSRApp({ render: () => h(ReplayMask, () => [h('b'), h(Card), 'Robin']) })
    expect((await renderToString(app)).replace(/<!--.*?-->/g, '')).toBe(
      '<b data-amp-mask></b><article data-amp-mask>Robin</article><span style="display: contents" data-amp-mask>Robin</span>',
    )
  })
})

it('children of a fragment stay in their places', async () => {
  const shown = ref(false)
  const { container } = render(
    defineComponent(
      () => () =>
        h(ReplayMask, () => h(Fragment, null, [shown.value ? h('p') : null, h('p', { id: 'kept' })])),
    ),
  )
  const kept = container.querySelector('#kept')
  shown.value = true
  await nextTick()
  expect(container.querySelectorAll('p')).toHaveLength(2)
  expect(container.querySelector('#kept')).toBe(kept)
})

describe('components that hand no attributes on', () => {
  it('are marked before they are inserted', () => {
    const { container } = render(defineComponent(() => () => h(ReplayMask, () => h(Pair))))
    expect(container.innerHTML.replace(/<!--.*?-->/g, '')).toBe(
      '<dt data-amp-mask="">Name</dt><dd data-amp-mask="">Robin</dd>',
    )
  })

  it('are marked again when they render other roots', async () => {
    const both = ref(false)
    const Late = defineComponent({
      inheritAttrs: false,
      render: () => (both.value ? [h('dt', 'Name'), h('dd', 'Robin')] : [h('p')]),
    })
    const { container } = render(defineComponent(() => () => h(ReplayMask, () => h(Late))))
    both.value = true
    await nextTick()
    expect(container.querySelectorAll('[data-amp-mask]')).toHaveLength(2)
    expect(container.querySelector('dd')?.hasAttribute('data-amp-mask')).toBe(true)
  })
})

describe('switching', () => {
  it('tells the recorder once', async () => {
    const { plugin, client } = setUp()
    const when = ref(false)
    const text = ref('a')
    const { container } = render(
      defineComponent(() => () => h(ReplayBlock, { when: when.value }, () => h('p', text.value))),
      { global: { plugins: [plugin] } },
    )
    await client.whenIdle()
    const told = vi.spyOn(client, 'privacyChanged')
    text.value = 'b'
    await nextTick()
    expect(told).toHaveBeenCalledTimes(0)
    when.value = true
    await nextTick()
    expect(container.innerHTML).toBe('<p data-amp-block="">b</p>')
    expect(told).toHaveBeenCalledTimes(1)
    expect(client.getSnapshot().isRecording).toBe(false)
    expect((await client.whenIdle()).isRecording).toBe(true)
  })
})

describe('switching while Suspense waits', () => {
  it.each<[from: Record<string, unknown>, to: Record<string, unknown>, told: number]>([
    [{ block: false }, { block: true }, 1],
    [{ mask: 'light' }, { mask: true }, 1],
    [{ unmask: true }, { unmask: false }, 1],
    [{ mask: true }, { mask: 'light' }, 0],
  ])('from %j to %j tells the recorder what hides', async (from, to, times) => {
    vi.spyOn(console, 'info').mockReturnValue()
    const { plugin, client } = setUp()
    const props = ref(from)
    const leaving = ref(false)
    const Page = defineComponent(() => () => h(ReplayPrivacyBoundary, props.value, () => h('p')))
    const Next = defineComponent({ setup: () => new Promise<() => null>(() => {}) })
    render(
      defineComponent(() => () => h(Suspense, () => (leaving.value ? h(Next) : h(Page)))),
      { global: { plugins: [plugin] } },
    )
    leaving.value = true
    await nextTick()
    await client.whenIdle()
    const told = vi.spyOn(client, 'privacyChanged')
    props.value = to
    await nextTick()
    expect(told).toHaveBeenCalledTimes(times)
  })
})

describe('usePrivacyProps', () => {
  const Dialog = defineComponent(() => {
    const privacy = usePrivacyProps()
    return () => h(Teleport, { to: 'body' }, [h('dialog', privacy.value, 'Robin')])
  })
  const shown = () => document.querySelector('dialog')?.outerHTML

  it('carries what holds by the component tree to teleported content', async () => {
    const mask = ref<boolean | 'light'>('light')
    const { unmount } = render(
      defineComponent(
        () => () =>
          h(ReplayUnmask, () =>
            h('section', [h(ReplayPrivacyBoundary, { mask: mask.value }, () => h('div', [h(Dialog)]))]),
          ),
      ),
    )
    expect(shown()).toBe('<dialog data-amp-unmask="" data-amp-mask="light">Robin</dialog>')
    mask.value = true
    await nextTick()
    expect(shown()).toBe('<dialog data-amp-unmask="" data-amp-mask="">Robin</dialog>')
    unmount()
  })

  it('marks a Teleport that is the content itself', () => {
    const { unmount } = render(
      defineComponent(() => () => h(ReplayMask, () => h(Teleport, { to: 'body' }, [h('dialog')]))),
    )
    expect(shown()).toBe('<dialog data-amp-mask=""></dialog>')
    unmount()
  })

  it('is empty outside', () => {
    const { unmount } = render(Dialog)
    expect(shown()).toBe('<dialog>Robin</dialog>')
    unmount()
  })
})
