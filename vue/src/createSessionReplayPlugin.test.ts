import { createSessionReplay } from '@session-replay-kit/core'
import { createFakeAmplitude } from '@session-replay-kit/core/testing'
import { render } from '@testing-library/vue'
import { describe, expect, it, vi } from 'vitest'
import { type App, createApp, defineComponent, h, inject, nextTick } from 'vue'
import { setUp } from '../test/support/set-up.ts'
import {
  createSessionReplayPlugin,
  PauseReplay,
  ReplayMask,
  sessionReplayKey,
  useSessionReplay,
} from './index.ts'

const mounted = (app: App): App => {
  app.mount(document.createElement('div'))
  return app
}

describe('createSessionReplayPlugin', () => {
  it('builds a controller from options, its own options left out', () => {
    const report = vi.fn()
    const plugin = createSessionReplayPlugin({
      amplitude: createFakeAmplitude(),
      directives: false,
      sampleRate: 1,
      onError: report,
    })
    expect(plugin.client.getSnapshot().status).toBe('idle')
    expect(plugin.client.plugin.name).toContain('session-replay')
    expect(report).not.toHaveBeenCalled()
  })

  it('takes a controller as it is', () => {
    const client = createSessionReplay({ amplitude: createFakeAmplitude() })
    expect(createSessionReplayPlugin(client).client).toBe(client)
  })

  it('provides the controller to setup and to templates', () => {
    const { plugin, client } = setUp()
    let found: unknown
    const Page = defineComponent({
      setup() {
        found = inject(sessionReplayKey)
        return {}
      },
      render() {
        return h('p', this.$sessionReplay === client ? 'same' : 'other')
      },
    })
    const { container } = render(Page, { global: { plugins: [plugin] } })
    expect(found).toBe(client)
    expect(container.textContent).toBe('same')
  })

  it('starts with the app and stops with it', async () => {
    const { plugin, client, recorder } = setUp()
    const app = mounted(createApp({ render: () => null }).use(plugin))
    await client.whenIdle()
    expect(recorder.live).toBe(1)
    app.unmount()
    await vi.waitFor(() => expect(client.getSnapshot().status).toBe('idle'))
    expect(recorder.live).toBe(0)
  })

  it('tells about an attribute that Vue writes as the text "false"', async () => {
    const { plugin } = setUp()
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const Page = defineComponent(() => () => h('p', { 'data-amp-mask': false }))
    const { unmount } = render(Page, { global: { plugins: [plugin] } })
    await vi.waitFor(() =>
      expect(warn.mock.calls.join()).toContain(
        'FALSE_ATTRIBUTE: <p data-amp-mask="false"> still has the attribute',
      ),
    )
    unmount()
    warn.mockRestore()
  })

  it('records until the last of several apps is gone', async () => {
    const { plugin, client, recorder } = setUp()
    const apps = [1, 2, 3].map(() => mounted(createApp({ render: () => null }).use(plugin)))
    await client.whenIdle()
    for (const app of apps.slice(1)) app.unmount()
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(recorder.live).toBe(1)
    apps[0]?.unmount()
    await vi.waitFor(() => expect(recorder.live).toBe(0))
    expect(recorder.log.filter((what) => what === 'setup')).toHaveLength(1)
  })

  it('counts an app once, however often it is installed', async () => {
    const { plugin, client } = setUp()
    const starts = vi.spyOn(client, 'start')
    const app = createApp({ render: () => null })
    plugin.install(app)
    plugin.install(app)
    expect(starts).toHaveBeenCalledTimes(1)
    mounted(app).unmount()
    await vi.waitFor(() => expect(client.getSnapshot().status).toBe('idle'))
    mounted(createApp({ render: () => null }).use(plugin)).unmount()
    expect(starts).toHaveBeenCalledTimes(2)
  })

  it('leaves nothing behind after a thousand apps', { timeout: 60_000 }, async () => {
    const { plugin, client } = setUp()
    let subscribers = 0
    const { subscribe } = client
    client.subscribe = (onChange) => {
      subscribers++
      const end = subscribe(onChange)
      return () => {
        subscribers--
        end()
      }
    }
    const listeners = new Map<string, number>()
    const count = (step: number) =>
      function (this: EventTarget, type: string, ...rest: [never, never]) {
        listeners.set(type, (listeners.get(type) ?? 0) + step)
        return (step > 0 ? add : remove).call(this, type, ...rest)
      }
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
    EventTarget.prototype.addEventListener = count(1) as typeof add
    EventTarget.prototype.removeEventListener = count(-1) as typeof remove

    const Consumer = defineComponent(() => {
      const { status } = useSessionReplay()
      return () => h(PauseReplay, () => h(ReplayMask, () => h('p', status.value)))
    })
    const root = document.createElement('div')
    document.body.append(root)
    const cycle = (): void => {
      const app = createApp({ render: () => [1, 2, 3, 4, 5].map(() => h(Consumer)) }).use(plugin)
      app.mount(root)
      app.unmount()
    }
    cycle()
    await vi.waitFor(() => expect(client.getSnapshot().status).toBe('idle'))
    listeners.clear()
    for (let round = 0; round < 1000; round++) cycle()
    await nextTick()
    await vi.waitFor(() => expect(client.getSnapshot().status).toBe('idle'))
    EventTarget.prototype.addEventListener = add
    EventTarget.prototype.removeEventListener = remove

    expect(subscribers).toBe(0)
    expect(client.getSnapshot().reasons).toEqual([])
    expect([...listeners].filter(([, left]) => left !== 0)).toEqual([])
    expect(root.childNodes).toHaveLength(0)
    root.remove()
  })
})
