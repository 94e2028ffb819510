import { act, render } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { onRouterTransitionStart, ReplayRouteSync } from './next.ts'
import { SessionReplayProvider } from './SessionReplayProvider.tsx'

const next = vi.hoisted(() => ({ path: '/' }))
vi.mock('next/navigation', () => ({ usePathname: () => next.path }))

afterEach(() => window.history.replaceState(null, '', '/'))

it('tells about a new page, and closes when a transition to a restricted one starts', async () => {
  const { client, recorder } = createFakeReplay({ routes: { deny: '/salary' } })
  const committed = vi.spyOn(client.navigation, 'committed')
  const app = () => (
    <SessionReplayProvider client={client}>
      <ReplayRouteSync />
    </SessionReplayProvider>
  )
  const { rerender, unmount } = render(app())
  await act(async () => void (await client.whenIdle()))
  expect(committed).toHaveBeenCalledOnce()

  onRouterTransitionStart('/list')
  expect(recorder.live).toBe(1)
  onRouterTransitionStart('/salary')
  expect(recorder.live).toBe(0)

  next.path = '/salary'
  window.history.replaceState(null, '', '/salary')
  rerender(app())
  expect(committed).toHaveBeenCalledTimes(2)
  unmount()
  const evaluate = vi.spyOn(client.navigation, 'evaluate')
  onRouterTransitionStart('/list')
  expect(evaluate).not.toHaveBeenCalled()
})
