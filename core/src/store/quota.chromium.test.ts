import { afterEach, expect, it } from 'vitest'
import { cdp } from 'vitest/browser'
import { openStore } from '../../test/support/open-store.ts'
import { chunk, header, keyOf } from './test-batches.ts'

// Only Chromium's DevTools can make a disk small.

const apiKey = Math.random().toString(36).slice(2, 12).padEnd(10, 'x')

const incompressible = (bytes: number): Uint8Array => {
  const filled = new Uint8Array(bytes)
  for (let offset = 0; offset < bytes; offset += 65_536)
    crypto.getRandomValues(filled.subarray(offset, Math.min(offset + 65_536, bytes)))
  return filled
}

afterEach(async () => {
  await cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin })
  indexedDB.deleteDatabase(`session_replay_kit_${apiKey}`)
})

it('loses nothing that memory can hold when the disk is full', async () => {
  const store = await openStore({
    apiKey,
    tabId: 'tab-a',
    storeType: 'idb',
    report: () => {},
    onGap: () => {},
    onAdoptable: () => {},
  })
  await store.put(header(1), chunk(0, 'ab', 'closed'))
  const { usage = 0 } = await navigator.storage.estimate()
  await cdp().send('Storage.overrideQuotaForOrigin', {
    origin: location.origin,
    quotaSize: usage + 300_000,
  })
  for (let sequence = 2; sequence <= 9; sequence += 1)
    await store.put(header(sequence, { startsSegment: true }), {
      ...chunk(0, '', 'closed'),
      bytes: incompressible(200_000),
    })
  for (let sequence = 1; sequence <= 9; sequence += 1)
    expect(await store.read(keyOf(sequence))).not.toBeNull()
  expect(store.status().dropped).toEqual({})
  await store.close()
})
