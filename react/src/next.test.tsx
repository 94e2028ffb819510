import type { RouteConfig } from '@session-replay-kit/core'
import { act, render } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { onRouterTransitionStart, ReplayRouteSync } from './next.ts'
import { SessionReplayProvider } from './SessionReplayProvider.tsx'

const next = vi.hoisted(() => ({ path: '/' }))
vi.mock('next/navigation', () => ({ usePathname: () => next.path }))

afterEach(() => {
  next.path = '/'
  window.history.replaceState(null, '', '/')
})

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

describe('the page that Next renders', () => {
  async function open(href: string, path: string, routes: RouteConfig) {
    const { client } = createFakeReplay({ routes })
    const write = (address: string) => window.history.replaceState(null, '', address)
    write(href)
    next.path = path
    const app = () => (
      <SessionReplayProvider client={client}>
        <p>{next.path}</p>
        <ReplayRouteSync />
      </SessionReplayProvider>
    )
    const { rerender } = render(app())
    await act(async () => void (await client.whenIdle()))
    const commit = (to: string): void => {
      next.path = to
      rerender(app())
    }
    const denied = () => client.getSnapshot().reasons.some(({ kind }) => kind === 'route')
    return { client, write, commit, denied }
  }

  it.each([
    ['', undefined],
    ['/shop', '/shop'],
  ])('stays denied below %j until the next one replaces it', async (root, base) => {
    const { client, write, commit, denied } = await open(`${root}/salary`, '/salary', {
      base,
      deny: '/salary',
    })
    expect(denied()).toBe(true)
    write(root || '/')
    expect(denied()).toBe(true)
    let onShow: string | null = null
    const { evaluate } = client.navigation
    vi.spyOn(client.navigation, 'evaluate').mockImplementationOnce((...args) => {
      onShow = document.querySelector('p')?.textContent ?? null
      return evaluate(...args)
    })
    commit('/')
    expect(denied()).toBe(false)
    // Told while the page that leaves is still in the document.
    expect(onShow).toBe('/salary')
    commit('/salary')
    expect(denied()).toBe(true)
  })

  it('has what the address says beside the path', async () => {
    const { write, commit, denied } = await open('/list?tab=salary', '/list', {
      deny: ({ search }) => search === '?tab=salary',
    })
    write('/other')
    expect(denied()).toBe(true)
    write('/list?tab=open')
    expect(denied()).toBe(false)
    write('/other')
    commit('/other')
    expect(denied()).toBe(false)
  })

  it('is denied though the address is further already', async () => {
    const { write, commit, denied } = await open('/', '/', { deny: '/salary' })
    write('/list')
    expect(denied()).toBe(false)
    commit('/salary')
    expect(denied()).toBe(true)
    commit('/list')
    expect(denied()).toBe(false)
  })

  it('is not named where path and address do not agree at first', async () => {
    const { denied } = await open('/list', '/salary', { deny: '/salary' })
    expect(denied()).toBe(false)
  })
})
