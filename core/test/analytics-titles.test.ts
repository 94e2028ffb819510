// @vitest-environment jsdom
import * as amplitude from '@amplitude/analytics-browser'
import { beforeEach, expect, it, vi } from 'vitest'

// What core/docs/privacy.md says of the Browser SDK's own events, which the kit does not touch.

type Autocapture = amplitude.Types.BrowserOptions['autocapture']

beforeEach(() => {
  document.head.innerHTML = '<title>Jane Doe</title>'
  history.replaceState(null, '', '/account?name=jane')
})

it('sends title and address in page views and in every other event, unless both are off', async () => {
  const usual = await sentWith(undefined)
  for (const part of ['Page Viewed', 'Jane Doe', '?name=jane']) expect(usual).toContain(part)
  const enriched = await sentWith({ pageViews: false })
  expect(enriched).not.toContain('Page Viewed')
  expect(enriched).toContain('Jane Doe')
  const quiet = await sentWith({ pageViews: false, pageUrlEnrichment: false })
  expect(quiet).toContain('Own Event')
  expect(quiet).not.toMatch(/Jane|jane|Page/)
})

it('masks a title that is marked', async () => {
  document.querySelector('title')?.setAttribute('data-amp-mask', '')
  const sent = await sentWith(undefined)
  expect(sent).toContain('Page Viewed')
  expect(sent).not.toContain('Jane Doe')
})

/** All that a new client sends for one event, as text. */
async function sentWith(autocapture: Autocapture): Promise<string> {
  const bodies: string[] = []
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    bodies.push(body)
    return Promise.resolve(new Response('{"code":200}'))
  })
  const client = amplitude.createInstance()
  const key = crypto.randomUUID()
  const options = { fetchRemoteConfig: false, flushIntervalMillis: 1, enableRequestBodyCompression: false }
  await client.init(key, { ...options, instanceName: key, ...(autocapture && { autocapture }) }).promise
  await client.track('Own Event').promise
  await client.flush().promise
  vi.unstubAllGlobals()
  return bodies.join('\n')
}
