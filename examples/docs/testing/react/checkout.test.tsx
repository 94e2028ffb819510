// @vitest-environment jsdom
import { createFakeReplay } from '@session-replay-kit/core/testing'
import { SessionReplayProvider } from '@session-replay-kit/react'
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { Checkout } from './Checkout.tsx'

test('the checkout pauses recording while it is shown', async () => {
  const { client, recorder } = createFakeReplay()
  const { unmount } = render(
    <SessionReplayProvider client={client}>
      <Checkout />
    </SessionReplayProvider>,
  )
  expect(await screen.findByText('Recording is paused.')).toBeDefined()
  expect(client.explain().sentence).toBe('not recorded: paused by component (checkout)')
  expect(recorder.live).toBe(0)

  unmount()
  expect(client.getSnapshot().reasons).toEqual([])
})
