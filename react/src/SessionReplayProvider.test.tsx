import type { ReplayController } from '@session-replay-kit/core'
import { createFakeAmplitude } from '@session-replay-kit/core/testing'
import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createController } from '../../core/src/controller.ts'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { ClientProbe, LayoutEffect } from '../test/support/probes.tsx'
import { SessionReplayProvider } from './SessionReplayProvider.tsx'
import { usePauseReplay } from './usePauseReplay.ts'
import { useSessionReplayClient } from './useSessionReplayClient.ts'

const GRACE_MS = 60

const after = (ms: number) => act(() => new Promise<void>((resolve) => setTimeout(resolve, ms)))
const idle = async (client: ReplayController) => {
  await act(async () => {
    await client.whenIdle()
  })
}

function Nested({ inner, paused }: { inner: ReplayController; paused: boolean }) {
  usePauseReplay(paused)
  return <p>{useSessionReplayClient() === inner ? 'inner' : 'outer'}</p>
}

let warnings: string[]
beforeEach(() => {
  warnings = []
  vi.spyOn(console, 'error').mockImplementation((text) => void warnings.push(String(text)))
  window.history.replaceState(null, '', '/')
})
afterEach(() => vi.restoreAllMocks())

describe('with a controller of the app', () => {
  it('records while mounted, and ends after the grace period', async () => {
    const { client, recorder, amplitude } = createFakeReplay()
    const { unmount } = render(<SessionReplayProvider client={client}>page</SessionReplayProvider>)
    await idle(client)
    expect(recorder.live).toBe(1)
    unmount()
    expect(recorder.live).toBe(1)
    await after(GRACE_MS)
    await idle(client)
    expect(recorder.live).toBe(0)
    expect(amplitude.calls).toEqual(['add', 'remove'])
  })

  it('renders its children in the first render and no element of its own', () => {
    const { client } = createFakeReplay()
    const { container } = render(<SessionReplayProvider client={client}>page</SessionReplayProvider>)
    expect(container.innerHTML).toBe('page')
  })

  it('adds the plugin once in StrictMode', async () => {
    const { client, amplitude, recorder } = createFakeReplay()
    render(
      <StrictMode>
        <SessionReplayProvider client={client}>page</SessionReplayProvider>
      </StrictMode>,
    )
    await after(GRACE_MS)
    await idle(client)
    expect(amplitude.calls).toEqual(['add'])
    expect(recorder.live).toBe(1)
  })

  it('survives a remount in the same moment without touching the Browser SDK', async () => {
    const { client, amplitude } = createFakeReplay()
    const app = (key: string) => (
      <SessionReplayProvider key={key} client={client}>
        page
      </SessionReplayProvider>
    )
    const { rerender } = render(app('one'))
    await idle(client)
    rerender(app('two'))
    await after(GRACE_MS)
    expect(amplitude.calls).toEqual(['add'])
    expect(client.getSnapshot().isRecording).toBe(true)
  })

  it('closes in the same commit with enabled={false}, and keeps the children', async () => {
    const { client, recorder } = createFakeReplay()
    const app = (enabled: boolean) => (
      <SessionReplayProvider client={client} enabled={enabled}>
        <input aria-label="name" />
      </SessionReplayProvider>
    )
    const { rerender } = render(app(true))
    await idle(client)
    const field = screen.getByLabelText('name')
    rerender(app(false))
    expect(recorder.live).toBe(0)
    expect(screen.getByLabelText('name')).toBe(field)
    await after(GRACE_MS)
    rerender(app(true))
    await idle(client)
    expect(recorder.live).toBe(1)
  })

  it('follows a changed client', async () => {
    const first = createFakeReplay()
    const second = createFakeReplay()
    const { rerender } = render(<SessionReplayProvider client={first.client}>page</SessionReplayProvider>)
    await idle(first.client)
    rerender(<SessionReplayProvider client={second.client}>page</SessionReplayProvider>)
    await after(GRACE_MS)
    await idle(second.client)
    expect([first.recorder.live, second.recorder.live]).toEqual([0, 1])
  })

  it('nested: hooks use the nearest, the page is recorded once, and each of them can pause it', async () => {
    const outer = createFakeReplay()
    const inner = createController({ amplitude: outer.amplitude, sampleRate: 1 }, outer.recorder.build)
    const tree = (paused: boolean, nested = true) => (
      <SessionReplayProvider client={outer.client}>
        {nested && (
          <SessionReplayProvider client={inner}>
            <Nested inner={inner} paused={paused} />
          </SessionReplayProvider>
        )}
      </SessionReplayProvider>
    )
    const { rerender, container } = render(tree(false))
    await idle(outer.client)
    expect(container.textContent).toBe('inner')
    expect(outer.recorder.live).toBe(1)
    expect(outer.amplitude.calls).toEqual(['add'])
    rerender(tree(true))
    expect(outer.recorder.live).toBe(0)
    rerender(tree(false, false))
    await after(GRACE_MS)
    await expect.poll(() => outer.recorder.live).toBe(1)
    outer.client.pause()
    expect(outer.recorder.live).toBe(0)
  })

  it('counts what children hold before recording begins', async () => {
    const { client, recorder } = createFakeReplay()
    const hold = () => client.hold('component', { detail: 'child' })
    render(
      <SessionReplayProvider client={client}>
        <LayoutEffect run={hold} />
      </SessionReplayProvider>,
    )
    await idle(client)
    expect(recorder.log).not.toContain('open')
    expect(client.getSnapshot().reasons).toMatchObject([{ kind: 'component', detail: 'child' }])
  })

  it('tells about a new location after its children are in the document', async () => {
    const { client } = createFakeReplay()
    const seen: (string | null)[] = []
    vi.spyOn(client.navigation, 'committed').mockImplementation(() => {
      seen.push(document.body.textContent)
    })
    const app = (location: { pathname: string; search?: string }) => (
      <SessionReplayProvider client={client} location={location}>
        at {location.pathname}
      </SessionReplayProvider>
    )
    const { rerender } = render(app({ pathname: '/a' }))
    rerender(app({ pathname: '/a' }))
    rerender(app({ pathname: '/b', search: '?x' }))
    expect(seen).toEqual(['at /a', 'at /b'])
  })
})

describe('with options', () => {
  const page = { sampleRate: 0 }
  // One controller per page: the next test must not meet this one in its grace period.
  afterEach(async () => {
    cleanup()
    await after(GRACE_MS)
  })

  it('attaches to the client it was given', async () => {
    const amplitude = createFakeAmplitude({ initialised: true })
    const { unmount } = render(
      <SessionReplayProvider amplitude={amplitude} options={page}>
        page
      </SessionReplayProvider>,
    )
    await vi.waitFor(() => expect(amplitude.calls).toEqual(['add']))
    unmount()
    await vi.waitFor(() => expect(amplitude.calls).toEqual(['add', 'remove']))
  })

  it('lets a prop win over the same option', () => {
    let client: ReplayController | undefined
    const give = (given: ReplayController) => {
      client = given
    }
    window.history.replaceState(null, '', '/secret')
    render(
      <SessionReplayProvider
        amplitude={null}
        options={{ routes: { deny: '/other' } }}
        routes={{ deny: '/secret' }}
      >
        <ClientProbe give={give} />
      </SessionReplayProvider>,
    )
    expect(client?.getSnapshot().route).toMatchObject({ allowed: false, matched: '/secret' })
  })

  it('applies new routes, and leaves equal ones alone', () => {
    let client: ReplayController | undefined
    const give = (given: ReplayController) => {
      client = given
    }
    const app = (deny: (string | RegExp)[]) => (
      <SessionReplayProvider amplitude={null} routes={{ deny }}>
        <ClientProbe give={give} />
      </SessionReplayProvider>
    )
    const { rerender } = render(app(['/elsewhere', /^\/x/]))
    const setRoutes = vi.spyOn((client as ReplayController).navigation, 'setRoutes')
    rerender(app(['/elsewhere', /^\/x/]))
    expect(setRoutes).not.toHaveBeenCalled()
    rerender(app(['/']))
    expect(setRoutes).toHaveBeenCalledOnce()
    expect(client?.getSnapshot().route?.allowed).toBe(false)
  })

  it('applies a changed consent, but not over what the app has said since', () => {
    let client: ReplayController | undefined
    const give = (given: ReplayController) => {
      client = given
    }
    const app = (consent: 'granted' | 'required', text = '') => (
      <StrictMode>
        <SessionReplayProvider amplitude={null} consent={consent}>
          <ClientProbe give={give} />
          {text}
        </SessionReplayProvider>
      </StrictMode>
    )
    const kinds = () => client?.getSnapshot().reasons.map(({ kind }) => kind)
    const { rerender } = render(app('required'))
    expect(kinds()).toContain('consent')
    rerender(app('granted'))
    expect(kinds()).not.toContain('consent')
    act(() => void client?.setConsent(false))
    rerender(app('granted', 'again'))
    expect(kinds()).toContain('consent')
  })

  it.each(['denied', 'Granted', null])('takes a consent that is changed to %j for a no', (consent) => {
    let client: ReplayController | undefined
    const app = (given: unknown) => (
      <SessionReplayProvider amplitude={null} consent={given as 'granted'}>
        <ClientProbe
          give={(made) => {
            client = made
          }}
        />
      </SessionReplayProvider>
    )
    const { rerender } = render(app('granted'))
    rerender(app(consent))
    expect(client?.getSnapshot().reasons).toMatchObject([{ kind: 'consent' }])
    rerender(app(undefined))
    expect(client?.getSnapshot().reasons).toEqual([])
  })

  it('says once that another option is read only once, and ignores callbacks written in JSX', () => {
    const app = (sampleRate: number) => (
      <SessionReplayProvider amplitude={null} sampleRate={sampleRate} onError={() => {}}>
        page
      </SessionReplayProvider>
    )
    const { rerender } = render(app(0))
    rerender(app(0))
    expect(warnings).toEqual([])
    rerender(app(1))
    rerender(app(0.5))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('BAD_OPTION: <SessionReplayProvider> got another value for `sampleRate`')
  })
})

it('tells about an attribute that React wrote as the text "false"', async () => {
  const { client } = createFakeReplay()
  const writeFalse = () => {
    document.body.setAttribute('data-amp-mask', 'false')
    return () => document.body.removeAttribute('data-amp-mask')
  }
  render(
    <SessionReplayProvider client={client}>
      <LayoutEffect run={writeFalse} />
    </SessionReplayProvider>,
  )
  await after(5)
  expect(warnings.join()).toContain('FALSE_ATTRIBUTE: <body data-amp-mask="false"> still has the attribute')
})
