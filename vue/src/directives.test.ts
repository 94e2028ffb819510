import { render } from '@testing-library/vue'
import { renderToString } from '@vue/server-renderer'
import { describe, expect, it, vi } from 'vitest'
import {
  type Component,
  createSSRApp,
  defineComponent,
  h,
  nextTick,
  ref,
  resolveDirective,
  Suspense,
  withDirectives,
} from 'vue'
import { setUp } from '../test/support/set-up.ts'

type Use = [value?: unknown, arg?: string]

/** `<p v-amp-…>`, as the template compiler writes it. */
const element = (name: string, use: () => Use, attrs: () => Record<string, unknown> = () => ({})) =>
  defineComponent({
    render() {
      const directive = resolveDirective(name)
      if (!directive) throw new Error(`${name} is not registered`)
      const [value, arg] = use()
      return withDirectives(h('p', attrs(), 'Robin'), [[directive, value, arg]] as never)
    },
  })

/** As a browser reads it: an attribute without value has the empty one. */
function parsed(html: string): string {
  const box = document.createElement('div')
  box.innerHTML = html
  return box.innerHTML
}

const MARKERS: [name: string, use: Use, html: string][] = [
  ['amp-mask', [], '<p data-amp-mask="">Robin</p>'],
  ['amp-mask', [true], '<p data-amp-mask="">Robin</p>'],
  ['amp-mask', ['light'], '<p data-amp-mask="light">Robin</p>'],
  ['amp-mask', [''], '<p data-amp-mask="">Robin</p>'],
  ['amp-mask', ['', 'light'], '<p data-amp-mask="">Robin</p>'],
  ['amp-mask', ['dark'], '<p data-amp-mask="">Robin</p>'],
  ['amp-mask', [undefined, 'conservative'], '<p data-amp-mask="conservative">Robin</p>'],
  ['amp-mask', [false, 'conservative'], '<p>Robin</p>'],
  ['amp-mask', [null], '<p>Robin</p>'],
  ['amp-unmask', [], '<p data-amp-unmask="">Robin</p>'],
  ['amp-unmask', [false], '<p>Robin</p>'],
  ['amp-unmask', [''], '<p>Robin</p>'],
  ['amp-block', [''], '<p data-amp-block="">Robin</p>'],
  ['amp-block', [], '<p data-amp-block="">Robin</p>'],
  ['amp-block', [false], '<p>Robin</p>'],
]

describe('marker directives', () => {
  it.each(MARKERS)('v-%s %j marks before the element is inserted', (name, use, html) => {
    const { plugin } = setUp()
    const inserted: string[] = []
    const insertBefore = Node.prototype.insertBefore
    Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
      if (node instanceof HTMLParagraphElement) inserted.push(node.outerHTML)
      return insertBefore.call(this, node, before) as T
    }
    const { container } = render(
      element(name, () => use),
      { global: { plugins: [plugin] } },
    )
    Node.prototype.insertBefore = insertBefore
    expect(inserted).toEqual([html])
    expect(container.innerHTML).toBe(html)
  })

  it.each(MARKERS)('v-%s %j is in the markup of the server', async (name, use, html) => {
    const { plugin } = setUp()
    const app = createSSRApp(element(name, () => use)).use(plugin)
    expect(parsed(await renderToString(app))).toBe(html)
  })

  it('tells the recorder when a marker is switched, and only then', async () => {
    const { plugin, client } = setUp()
    const value = ref<unknown>(false)
    const title = ref('a')
    const { container } = render(
      element(
        'amp-block',
        () => [value.value],
        () => ({ title: title.value }),
      ),
      {
        global: { plugins: [plugin] },
      },
    )
    await client.whenIdle()
    const told = vi.spyOn(client, 'privacyChanged')
    title.value = 'b'
    await nextTick()
    expect(told).toHaveBeenCalledTimes(0)
    value.value = true
    await nextTick()
    expect(container.innerHTML).toBe('<p title="b" data-amp-block="">Robin</p>')
    expect(told).toHaveBeenCalledTimes(1)
    expect(client.getSnapshot().reasons.map(({ kind }) => kind)).toEqual(['masking'])
    value.value = false
    await nextTick()
    expect(container.innerHTML).toBe('<p title="b">Robin</p>')
    expect(told).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['', 'light', ''],
    ['light', true, ''],
    ['light', 'medium', 'medium'],
    ['medium', 'light', 'medium'],
    ['conservative', 'light', 'conservative'],
    ['no level', false, ''],
  ])('beside data-amp-mask="%s", v-amp-mask="%s" leaves the stricter one', async (own, value, expected) => {
    const { plugin } = setUp()
    const component = element(
      'amp-mask',
      () => [value],
      () => ({ 'data-amp-mask': own }),
    )
    const { container } = render(component, { global: { plugins: [plugin] } })
    expect(container.querySelector('p')?.getAttribute('data-amp-mask')).toBe(expected)
    const html = parsed(await renderToString(createSSRApp(component).use(plugin)))
    expect(html).toBe(`<p data-amp-mask="${expected}">Robin</p>`)
  })

  it('reaches the single root of a component', () => {
    const { plugin } = setUp()
    const Card = defineComponent({ render: () => h('article', 'Robin') })
    const App: Component = {
      render: () => withDirectives(h(Card), [[resolveDirective('amp-mask')] as never]),
    }
    const { container } = render(App, { global: { plugins: [plugin] } })
    expect(container.innerHTML).toBe('<article data-amp-mask="">Robin</article>')
  })

  it.each<[name: string, inner: Use, outer: Use, mark: string]>([
    ['amp-mask', [], [false], ' data-amp-mask=""'],
    ['amp-mask', [], [undefined, 'light'], ' data-amp-mask=""'],
    ['amp-mask', ['light'], ['medium'], ' data-amp-mask="medium"'],
    ['amp-mask', [false], [true], ' data-amp-mask=""'],
    ['amp-mask', [false], [false], ''],
    ['amp-block', [], [false], ' data-amp-block=""'],
  ])('v-%s %j on the root of a component and %j on the component: the stricter counts', async (...use) => {
    const [name, inner, outer, mark] = use
    const { plugin, client } = setUp()
    const title = ref('a')
    const Card = element(
      name,
      () => inner,
      () => ({ title: title.value }),
    )
    const App = defineComponent({
      render: () => withDirectives(h(Card), [[resolveDirective(name), ...outer]] as never),
    })
    const { container } = render(App, { global: { plugins: [plugin] } })
    expect(container.innerHTML).toBe(`<p title="a"${mark}>Robin</p>`)
    await client.whenIdle()
    const told = vi.spyOn(client, 'privacyChanged')
    title.value = 'b'
    await nextTick()
    expect(container.innerHTML).toBe(`<p title="b"${mark}>Robin</p>`)
    expect(told).not.toHaveBeenCalled()
    const html = await renderToString(createSSRApp(App).use(plugin))
    expect(parsed(html)).toBe(`<p title="b"${mark}>Robin</p>`)
  })

  it.each<[name: string, from: unknown, to: unknown, before: string, after: string]>([
    ['amp-mask', false, true, '', ' data-amp-mask=""'],
    ['amp-mask', 'light', 'medium', ' data-amp-mask="light"', ' data-amp-mask="medium"'],
    ['amp-mask', true, 'light', ' data-amp-mask=""', ' data-amp-mask=""'],
    ['amp-block', false, true, '', ' data-amp-block=""'],
    ['amp-block', true, false, ' data-amp-block=""', ' data-amp-block=""'],
    ['amp-unmask', true, false, ' data-amp-unmask=""', ''],
    ['amp-unmask', false, true, '', ''],
  ])('v-%s from %j to %j hides, and does not show, while Suspense waits', async (...change) => {
    const [name, from, to, before, after] = change
    vi.spyOn(console, 'info').mockReturnValue()
    const { plugin, client } = setUp()
    const value = ref(from)
    const leaving = ref(false)
    const Page = element(name, () => [value.value])
    const Next = defineComponent({ setup: () => new Promise<() => null>(() => {}) })
    const { container } = render(
      defineComponent(() => () => h(Suspense, () => (leaving.value ? h(Next) : h(Page)))),
      { global: { plugins: [plugin] } },
    )
    leaving.value = true
    await nextTick()
    await client.whenIdle()
    expect(container.innerHTML).toBe(`<p${before}>Robin</p>`)
    const told = vi.spyOn(client, 'privacyChanged')
    value.value = to
    await nextTick()
    expect(container.innerHTML).toBe(`<p${after}>Robin</p>`)
    expect(told).toHaveBeenCalledTimes(before === after ? 0 : 1)
    vi.restoreAllMocks()
  })

  it('hides before the content changes', async () => {
    const { plugin } = setUp()
    const secret = ref(false)
    const texts: string[] = []
    const Page = defineComponent({
      render: () =>
        withDirectives(h('p', [h('b', { 'data-text': secret.value ? 'secret' : 'open' })]), [
          [resolveDirective('amp-block'), secret.value] as never,
        ]),
    })
    const { container } = render(Page, { global: { plugins: [plugin] } })
    const content = container.querySelector('b') as Element
    const setAttribute = content.setAttribute.bind(content)
    content.setAttribute = (name, value) => {
      texts.push(`${value} ${content.parentElement?.hasAttribute('data-amp-block')}`)
      setAttribute(name, value)
    }
    secret.value = true
    await nextTick()
    expect(texts).toEqual(['secret true'])
  })

  it('can be left out', () => {
    const { plugin } = setUp({ directives: false })
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    expect(() =>
      render(
        element('amp-mask', () => []),
        { global: { plugins: [plugin] } },
      ),
    ).toThrow('not registered')
    warn.mockRestore()
  })
})

describe('v-amp-pause', () => {
  const kinds = ({ client }: ReturnType<typeof setUp>) => client.getSnapshot().reasons.map(({ kind }) => kind)

  it('holds until the element is gone', async () => {
    const world = setUp()
    const shown = ref(true)
    const Secret = element('amp-pause', () => [])
    const { unmount } = render(
      defineComponent(() => () => (shown.value ? h(Secret) : null)),
      {
        global: { plugins: [world.plugin] },
      },
    )
    expect(kinds(world)).toEqual(['component'])
    shown.value = false
    await nextTick()
    expect(kinds(world)).toEqual([])
    unmount()
  })

  it('follows its value', async () => {
    const world = setUp()
    const value = ref<boolean | undefined>(false)
    const { unmount } = render(
      element('amp-pause', () => [value.value]),
      { global: { plugins: [world.plugin] } },
    )
    expect(kinds(world)).toEqual([])
    for (const [next, expected] of [
      [true, ['component']],
      [undefined, ['component']],
      [false, []],
      [true, ['component']],
    ] as const) {
      value.value = next
      await nextTick()
      expect(kinds(world)).toEqual(expected)
    }
    unmount()
    expect(kinds(world)).toEqual([])
  })
})
