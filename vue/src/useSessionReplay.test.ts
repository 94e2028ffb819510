import { createSessionReplay, ReplayError } from '@session-replay-kit/core'
import { render } from '@testing-library/vue'
import { describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, effectScope, h, nextTick, ref } from 'vue'
import { setUp } from '../test/support/set-up.ts'
import { type SessionReplay, useSessionReplay } from './useSessionReplay.ts'
import { sessionReplayKey } from './key.ts'

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run()
  } catch (error) {
    return (error as ReplayError).code
  }
  return undefined
}

/** A component that runs this in its setup. */
const inSetup = (setup: () => unknown) =>
  defineComponent(() => {
    setup()
    return () => h('p')
  })

describe('useSessionReplay', () => {
  it('follows the controller', async () => {
    const { plugin } = setUp()
    const Badge = defineComponent(() => {
      const { status, reasons } = useSessionReplay()
      return () => h('p', `${status.value} ${reasons.value.map(({ kind }) => kind)}`)
    })
    const { container } = render(Badge, { global: { plugins: [plugin] } })
    await vi.waitFor(() => expect(container.textContent).toBe('recording '), 3000)
    plugin.client.pause()
    await vi.waitFor(() => expect(container.textContent).toBe('paused manual'))
    plugin.client.resume()
    await vi.waitFor(() => expect(container.textContent).toBe('recording '), 3000)
  })
})
