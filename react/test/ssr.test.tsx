// @vitest-environment node
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createSessionReplay } from '@session-replay-kit/core'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SessionReplayProvider } from '../src/SessionReplayProvider.tsx'
import { connectTanStackRouter } from '../src/tanstack-router.ts'
import { App, SERVER_HTML } from './app.tsx'

const makeClient = () => createSessionReplay({ amplitude: null, routes: { deny: '/' } })

beforeEach(() => void vi.spyOn(console, 'error'))
afterEach(() => {
  expect(console.error).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

describe('on a server', () => {
  it('has no document', () => {
    expect(typeof document).toBe('undefined')
  })

  it('renders to a string, with the attributes in it and without a warning', () => {
    expect(renderToString(<App client={makeClient()} />)).toBe(SERVER_HTML)
  })

  it('streams the same', async () => {
    const through = new PassThrough()
    const stream = renderToPipeableStream(<App client={makeClient()} />, {
      onAllReady: () => void stream.pipe(through),
    })
    expect(await text(through)).toBe(SERVER_HTML)
  })

  it('makes an inert controller from options', () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const html = renderToString(
      <SessionReplayProvider apiKey="key" sampleRate={1}>
        page
      </SessionReplayProvider>,
    )
    expect(html).toBe('page')
    expect(timers).not.toHaveBeenCalled()
  })

  it('connects to no router', () => {
    const subscribe = vi.fn()
    const router = {
      latestLocation: {},
      history: { createHref: String },
      state: { matches: [] },
      matchRoutes: () => [],
      subscribe,
    }
    connectTanStackRouter(makeClient(), router)()
    expect(subscribe).not.toHaveBeenCalled()
  })
})
