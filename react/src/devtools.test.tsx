import { act, fireEvent, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { ReplayDevtools } from './devtools.ts'
import { SessionReplayProvider } from './SessionReplayProvider.tsx'

it('shows status, reasons and the route, pauses and resumes, and is left out of recordings', async () => {
  const { client } = createFakeReplay({ routes: { deny: '/salary' } })
  render(
    <SessionReplayProvider client={client}>
      <ReplayDevtools position="top-left" />
    </SessionReplayProvider>,
  )
  await act(async () => void (await client.whenIdle()))
  const panel = screen.getByRole('complementary', { name: 'Session replay' })
  expect(panel.getAttribute('data-amp-block')).toBe('')
  fireEvent.click(screen.getByRole('button', { name: /replay: recording/ }))
  expect(panel.textContent).toContain('/ allowed')
  expect(panel.textContent).toContain('last uploadnone yet')
  await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Pause' })))
  expect(panel.textContent).toContain('manual (devtools)')
  expect(panel.textContent).toContain('replay: paused')
  await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Resume' })))
  expect(client.getSnapshot().reasons).toEqual([])
})
