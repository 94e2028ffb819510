import { createFakeAmplitude } from '@session-replay-kit/core/testing'
import { render } from 'svelte/server'
import { expect, test, vi } from 'vitest'
import { createSessionReplay } from '../src/index.ts'
import App from './fixtures/App.svelte'
import Marks from './fixtures/Marks.svelte'
import Status from './fixtures/Status.svelte'

test('a server renders the idle state, without comment on the console', () => {
  const warn = vi.spyOn(console, 'warn')
  const error = vi.spyOn(console, 'error')
  const amplitude = createFakeAmplitude()
  const { body } = render(App, {
    props: { provider: { amplitude, sampleRate: 1 }, page: Status, pageProps: { pause: true } },
  })
  expect(body).toContain('<p data-testid="status">idle</p>')
  expect(body).toContain('<p data-testid="derived">IDLE</p>')
  expect(body).not.toContain('on air')
  expect(amplitude.calls).toEqual([])
  expect(warn).not.toHaveBeenCalled()
  expect(error).not.toHaveBeenCalled()
})

test('two requests share nothing, even with one controller', () => {
  const client = createSessionReplay({ amplitude: createFakeAmplitude() })
  const page = (): string =>
    render(App, { props: { provider: { client }, page: Status, pageProps: { pause: true } } }).body
  const first = page()
  client.pause()
  expect(page()).toBe(first)
})

test('the marks of props and components are in the HTML', () => {
  const { body } = render(Marks, { props: { level: 'conservative' } })
  const tag = (id: string): string => body.match(new RegExp(`<\\w+[^>]*data-testid="${id}"[^>]*>`))?.[0] ?? ''
  for (const id of ['spread-mask', 'child-mask', 'wrap-mask']) {
    expect(tag(id)).toContain('data-amp-mask="conservative"')
  }
  for (const id of ['spread-unmask', 'child-unmask']) expect(tag(id)).toContain('data-amp-unmask=""')
  for (const id of ['spread-block', 'as-block']) expect(tag(id)).toContain('data-amp-block=""')
  // What attachments and actions do comes with the script.
  expect(tag('attach-mask')).not.toContain('data-amp')
})

test('outside of a provider the error is the same as in the browser', () => {
  expect(() => render(Status).body).toThrow(/was used outside <SessionReplayProvider>/)
})
