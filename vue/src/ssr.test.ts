import { renderToString } from '@vue/server-renderer'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import {
  createApp,
  createSSRApp,
  defineAsyncComponent,
  defineComponent,
  h,
  nextTick,
  resolveDirective,
  Suspense,
  withDirectives,
} from 'vue'
import { setUp } from '../test/support/set-up.ts'
import {
  createSessionReplayPlugin,
  PauseReplay,
  ReplayBlock,
  ReplayMask,
  usePauseReplay,
  usePrivacyProps,
  useSessionReplay,
} from './index.ts'

let warn: MockInstance
let error: MockInstance
beforeEach(() => {
  warn = vi.spyOn(console, 'warn')
  error = vi.spyOn(console, 'error')
})
afterEach(() => {
  expect([...warn.mock.calls, ...error.mock.calls]).toEqual([])
  vi.restoreAllMocks()
})

const Badge = defineComponent(() => {
  const { status, isRecording } = useSessionReplay()
  const { held } = usePauseReplay(false)
  const privacy = usePrivacyProps()
  return () => h('output', privacy.value, `${status.value} ${isRecording.value} ${held.value}`)
})
const Page = defineComponent({
  render: () =>
    h('main', [
      h(Badge),
      h(ReplayMask, { level: 'medium' }, () => [h('p', 'Robin'), h(Badge)]),
      h(ReplayMask, () => 'Robin'),
      h(ReplayBlock, () => h('b', 'secret')),
      h(PauseReplay, { when: false }, () => h('i', 'card')),
      withDirectives(h('u', 'Robin'), [[resolveDirective('amp-mask')] as never]),
    ]),
})

/** What the kit sees on a server: no document. */
async function onServer<Result>(run: () => Promise<Result>): Promise<Result> {
  const { document } = globalThis
  Reflect.deleteProperty(globalThis, 'document')
  try {
    return await run()
  } finally {
    globalThis.document = document
  }
}

const serverHtml = (component = Page): Promise<string> =>
  onServer(() =>
    renderToString(createSSRApp(component).use(createSessionReplayPlugin({ apiKey: 'key', sampleRate: 1 }))),
  )

describe('on a server', () => {
  it('renders the idle state and every mark', async () => {
    expect((await serverHtml()).replace(/<!--.*?-->/g, '')).toBe(
      '<main><output>idle false false</output><p data-amp-mask="medium">Robin</p>' +
        '<output data-amp-mask="medium">idle false false</output>' +
        '<span style="display: contents" data-amp-mask>Robin</span><b data-amp-block>secret</b><i>card</i>' +
        '<u data-amp-mask>Robin</u></main>',
    )
  })

  it('starts nothing', async () => {
    const plugin = await onServer(async () => {
      const made = createSessionReplayPlugin({ apiKey: 'key', sampleRate: 1 })
      const app = createSSRApp(Page).use(made)
      await renderToString(app)
      expect(made.client.getSnapshot()).toBe(made.client.getServerSnapshot())
      return made
    })
    expect(plugin.client.getSnapshot().status).toBe('idle')
  })

  it('does without the plugin', async () => {
    expect(await onServer(() => renderToString(createSSRApp(Badge)))).toBe(
      '<output>idle false false</output>',
    )
  })
})

describe('in the browser', () => {
  const hydrate = async (component = Page) => {
    const root = document.createElement('div')
    root.innerHTML = await serverHtml(component)
    document.body.append(root)
    const { plugin, client } = setUp()
    // Started already when the app takes over.
    const stop = client.start()
    await client.whenIdle()
    expect(client.getSnapshot().status).toBe('recording')
    const before = root.innerHTML
    const app = createSSRApp(component).use(plugin)
    app.mount(root)
    const after = root.innerHTML
    await nextTick()
    return {
      before,
      after,
      root,
      end() {
        app.unmount()
        stop()
        root.remove()
      },
    }
  }

  it('takes over the markup as it is, then shows the state', async () => {
    const { before, after, root, end } = await hydrate()
    expect(after).toBe(before)
    expect(root.querySelector('output')?.textContent).toBe('recording true false')
    end()
  })

  it('takes over async components, too', async () => {
    const Later = defineAsyncComponent(() => Promise.resolve(Badge))
    const log = vi.spyOn(console, 'info').mockReturnValue()
    const { root, end } = await hydrate(defineComponent({ render: () => h(Suspense, () => h(Later)) }))
    await vi.waitFor(() => expect(root.textContent).toBe('recording true false'))
    log.mockRestore()
    end()
  })

  it('shows the state at once where nothing is taken over', async () => {
    const { plugin, client } = setUp()
    const stop = client.start()
    await client.whenIdle()
    const root = document.createElement('div')
    const app = createApp(Badge).use(plugin)
    app.mount(root)
    expect(root.textContent).toBe('recording true false')
    app.unmount()
    stop()
  })
})
