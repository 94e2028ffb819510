import { ReplayError } from '@session-replay-kit/core'
import { render } from '@testing-library/vue'
import { describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, effectScope, h, isReactive, ref } from 'vue'
import { setUp } from '../test/support/set-up.ts'
import { sessionReplayKey } from './key.ts'
import { usePauseReplay } from './usePauseReplay.ts'
import { type UseSessionReplayOptions, useSessionReplay } from './useSessionReplay.ts'

const Badge = defineComponent(() => {
  const { status, reasons, explain } = useSessionReplay()
  return () => h('p', `${status.value} [${reasons.value.map(({ kind }) => kind)}] ${explain().sentence}`)
})

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof ReplayError ? error.code : String(error)
  }
}

describe('useSessionReplay', () => {
  it('follows the controller', async () => {
    const { plugin, client } = setUp()
    const { container } = render(Badge, { global: { plugins: [plugin] } })
    await vi.waitFor(() => expect(container.textContent).toMatch(/^recording \[\] recorded as/))
    client.pause()
    await vi.waitFor(() => expect(container.textContent).toMatch(/^paused \[manual\] not recorded: paused/))
    client.resume()
    await vi.waitFor(() => expect(container.textContent).toMatch(/^recording/))
  })

  it('unsubscribes with its scope', () => {
    const { client } = setUp()
    const ended = vi.fn()
    const app = createApp({})
    app.provide(sessionReplayKey, {
      ...client,
      subscribe: () => ended,
    })
    const scope = effectScope()
    app.runWithContext(() => scope.run(() => useSessionReplay()))
    expect(ended).not.toHaveBeenCalled()
    scope.stop()
    expect(ended).toHaveBeenCalledTimes(1)
  })

  it('pauses and resumes', () => {
    const { plugin, client } = setUp()
    let replay: ReturnType<typeof useSessionReplay> | undefined
    const Page = defineComponent(() => {
      replay = useSessionReplay()
      return () => null
    })
    render(Page, { global: { plugins: [plugin] } })
    const { pause, resume } = replay ?? expect.fail()
    expect(pause('a break').reasons).toEqual([{ kind: 'manual', detail: 'a break', count: 1 }])
    expect(resume().reasons).toEqual([])
    expect(isReactive(replay?.client)).toBe(false)
    expect(replay?.client).toBe(client)
  })

  it.each<[string, UseSessionReplayOptions]>([
    ['true', { pause: true, detail: 'salary' }],
    ['a getter', { pause: () => true, detail: 'salary' }],
    ['a ref', { pause: ref(true), detail: 'salary' }],
  ])('holds while the component is alive with pause: %s', async (_, options) => {
    const { plugin, client } = setUp()
    const Page = defineComponent(() => {
      useSessionReplay(options)
      return () => h('p', 'Salary: 5000')
    })
    const { unmount } = render(Page, { global: { plugins: [plugin] } })
    expect(client.getSnapshot().reasons).toEqual([{ kind: 'component', detail: 'salary', count: 1 }])
    unmount()
    expect(client.getSnapshot().reasons).toEqual([])
  })
})

describe.each<[string, () => unknown]>([
  ['useSessionReplay', () => useSessionReplay()],
  ['usePauseReplay', () => usePauseReplay()],
])('%s in the wrong place', (name, use) => {
  it('says so outside setup', () => {
    expect(codeOf(use)).toBe('OUTSIDE_SETUP')
    expect(use).toThrow(`${name}() was called outside setup()`)
  })

  it('says so in an injection context that never ends', () => {
    const { plugin } = setUp()
    const app = createApp({}).use(plugin)
    expect(codeOf(() => app.runWithContext(use))).toBe('OUTSIDE_SETUP')
  })

  it('says so without the plugin', () => {
    const app = createApp({})
    expect(codeOf(() => app.runWithContext(() => effectScope().run(use)))).toBe('NO_PROVIDER')
  })
})
