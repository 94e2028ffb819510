import { expect, it, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { createRestrictedChanges } from './restricted-changes.ts'

// Only Chromium's DevTools collect garbage on demand.

it('keeps no text alive that a restricted screen has changed and taken out', async () => {
  const changes = createRestrictedChanges()
  const stop = changes.watch()
  const row = (): Text => document.body.appendChild(document.createElement('p')).appendChild(new Text('1'))
  const stays = row()
  const goes = new WeakRef(row())
  await vi.waitFor(() => expect(document.querySelectorAll('p')).toHaveLength(2))
  stays.data = '2'
  goes.deref()?.replaceData(0, 1, '2')
  await new Promise((resolve) => setTimeout(resolve))
  expect(changes.changed()).toHaveLength(2)
  goes.deref()?.parentElement?.remove()
  await vi.waitFor(async () => {
    await cdp().send('HeapProfiler.collectGarbage')
    expect(goes.deref()).toBeUndefined()
  })
  expect(changes.changed()).toEqual([{ node: stays, attribute: null }])
  stop()
})
