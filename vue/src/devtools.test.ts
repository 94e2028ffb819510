import { fireEvent, render, screen } from '@testing-library/vue'
import { expect, it } from 'vitest'
import { setUp } from '../test/support/set-up.ts'
import { ReplayDevtools } from './devtools.ts'

it('says what is recorded and why, pauses, resumes, folds, and is blocked itself', async () => {
  const { plugin, client } = setUp()
  const { container, unmount } = render(ReplayDevtools, { global: { plugins: [plugin] } })
  await screen.findByText('Session Replay: recording')
  expect(container.firstElementChild?.hasAttribute('data-amp-block')).toBe(true)
  await fireEvent.click(screen.getByText('Pause'))
  await screen.findByText('Session Replay: paused')
  expect(container.textContent).toContain('not recorded: paused by manual (devtools)')
  const rows = [...container.querySelectorAll('dt')].map((name) => name.textContent)
  expect(rows).toEqual(['paused by', 'route', 'last upload', 'sent'])
  expect(container.querySelector('dl')?.textContent).toContain('manual (devtools)')
  await fireEvent.click(screen.getByText('Resume'))
  await screen.findByText('Session Replay: recording')
  expect(client.getSnapshot().reasons).toEqual([])
  await fireEvent.click(screen.getByText('Session Replay: recording'))
  expect(container.querySelector('dl')).toBeNull()
  unmount()
})
