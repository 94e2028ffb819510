import { act } from '@testing-library/react'
import { hydrateRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import { App, SERVER_HTML } from '../test/app.tsx'
import { createFakeReplay } from '../test/support/fake-replay.ts'

it('hydrates without a mismatch or warning, while recording runs already', async () => {
  const { client } = createFakeReplay()
  const stop = client.start()
  await client.whenIdle()
  expect(client.getSnapshot().status).toBe('recording')

  const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  const onRecoverableError = vi.fn()
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = SERVER_HTML
  const before = container.querySelector('b')
  const root = await act(async () => hydrateRoot(container, <App client={client} />, { onRecoverableError }))

  expect(onRecoverableError).not.toHaveBeenCalled()
  expect(errors).not.toHaveBeenCalled()
  expect(container.querySelector('b')).toBe(before)
  expect(container.querySelector('output')?.textContent).toBe('paused false')
  await act(async () => root.unmount())
  expect(client.getSnapshot().reasons).toEqual([])
  stop()
})
