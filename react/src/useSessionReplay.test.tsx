import type { ReplayController } from '@session-replay-kit/core'
import { act, render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { HookProbe } from '../test/support/probes.tsx'
import { PauseReplay } from './PauseReplay.ts'
import { SessionReplayProvider } from './SessionReplayProvider.tsx'
import { usePauseReplay } from './usePauseReplay.ts'
import { type SessionReplay, useSessionReplay } from './useSessionReplay.ts'
import { useSessionReplayClient } from './useSessionReplayClient.ts'

const show = async (client: ReplayController, children: ReactNode) => {
  const result = render(<SessionReplayProvider client={client}>{children}</SessionReplayProvider>)
  await act(async () => void (await client.whenIdle()))
  return result
}

afterEach(() => vi.restoreAllMocks())

describe('useSessionReplay()', () => {
  it('follows the status, with functions that stay the same', async () => {
    const { client } = createFakeReplay()
    const seen: SessionReplay[] = []
    const hook = () => {
      const replay = useSessionReplay()
      seen.push(replay)
      return replay.status
    }
    await show(client, <HookProbe hook={hook} />)
    expect(screen.getByRole('status').textContent).toBe('recording')
    await act(async () => void seen.at(-1)?.pause('by hand'))
    expect(screen.getByRole('status').textContent).toBe('paused')
    expect(seen.at(-1)?.reasons).toMatchObject([{ kind: 'manual', detail: 'by hand' }])
    expect(seen.at(-1)?.explain().sentence).toContain('paused')
    await act(async () => void seen.at(-1)?.resume())
    await act(async () => void (await client.whenIdle()))
    expect(screen.getByRole('status').textContent).toBe('recording')
    for (const name of ['pause', 'resume', 'setConsent', 'explain', 'client'] as const) {
      expect(new Set(seen.map((each) => each[name])).size).toBe(1)
    }
  })

  it('holds while a component with { pause: true } is mounted', async () => {
    const { client, recorder } = createFakeReplay()
    const hook = () => useSessionReplay({ pause: true, detail: 'salary' }).status
    const app = (restricted: boolean) => (
      <SessionReplayProvider client={client}>{restricted && <HookProbe hook={hook} />}</SessionReplayProvider>
    )
    const { rerender } = render(app(false))
    await act(async () => void (await client.whenIdle()))
    expect(recorder.live).toBe(1)
    rerender(app(true))
    expect(recorder.live).toBe(0)
    expect(client.getSnapshot().reasons).toMatchObject([{ kind: 'component', detail: 'salary', count: 1 }])
    rerender(app(false))
    expect(client.getSnapshot().reasons).toEqual([])
  })

  it('does not hold without it', async () => {
    const { client } = createFakeReplay()
    await show(client, <HookProbe hook={() => useSessionReplay({}).status} />)
    expect(client.getSnapshot().isRecording).toBe(true)
  })
})

describe('useSessionReplay(selector)', () => {
  it('renders only when the selected value changes', async () => {
    const { client } = createFakeReplay()
    let renders = 0
    const hook = () => {
      renders++
      return useSessionReplay((replay) => replay.isRecording)
    }
    await show(client, <HookProbe hook={hook} />)
    const before = renders
    await act(async () => void client.pause('one'))
    expect(renders).toBe(before + 1)
    await act(async () => void client.hold('component'))
    await act(async () => void client.hold('component'))
    expect(renders).toBe(before + 1)
  })

  it('keeps an equal value, so that a selector may build an object', async () => {
    const { client } = createFakeReplay()
    const seen = new Set<readonly string[]>()
    const selectKinds = (replay: ReturnType<ReplayController['getSnapshot']>) =>
      replay.reasons.map(({ kind }) => kind)
    const sameKinds = (a: readonly string[], b: readonly string[]) => a.join() === b.join()
    const hook = () => {
      const kinds = useSessionReplay(selectKinds, sameKinds)
      seen.add(kinds)
      return kinds
    }
    await show(client, <HookProbe hook={hook} />)
    await act(async () => void client.pause())
    expect(screen.getByRole('status').textContent).toBe('manual')
    const before = seen.size
    await act(async () => void client.pause('another detail'))
    expect(seen.size).toBe(before)
  })
})

describe('outside a provider', () => {
  it.each<[string, ReactNode]>([
    ['useSessionReplay()', <HookProbe key="1" hook={() => useSessionReplay()} />],
    ['useSessionReplayClient()', <HookProbe key="2" hook={() => useSessionReplayClient()} />],
    ['usePauseReplay()', <HookProbe key="3" hook={() => usePauseReplay()} />],
    ['<PauseReplay>', <PauseReplay key="4" />],
  ])('%s throws NO_PROVIDER and names itself', (name, element) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    let thrown: unknown
    try {
      render(element)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({
      code: 'NO_PROVIDER',
      message: `[session-replay] ${name} was used outside <SessionReplayProvider>. Wrap the part of the tree that uses it.`,
    })
  })
})
