import { flushController } from '@session-replay-kit/core/testing'
import { derived, fromStore, get } from 'svelte/store'
import { expect, test, vi } from 'vitest'
import { sessionReplayStore } from '../src/store.ts'
import { createTestReplay } from './support/test-replay.ts'

test('a subscriber is told the current snapshot at once, and every change until it leaves', async () => {
  const { client } = createTestReplay()
  const store = sessionReplayStore(client)
  const seen: string[] = []
  const leave = store.subscribe(({ status }) => seen.push(status))
  expect(seen).toEqual(['idle'])

  const stop = client.start()
  await flushController(client)
  expect(seen.at(-1)).toBe('recording')
  store.pause('by hand')
  await flushController(client)
  expect(seen.at(-1)).toBe('paused')

  leave()
  const count = seen.length
  store.resume()
  await flushController(client)
  expect(seen.length).toBe(count)
  stop()
})

test('listens to the controller only while somebody listens to the store', () => {
  const { client } = createTestReplay()
  const leave = vi.fn()
  const subscribe = vi.fn(() => leave)
  const store = sessionReplayStore({ ...client, subscribe })
  expect(subscribe).not.toHaveBeenCalled()
  const stop = store.subscribe(() => {})
  expect(subscribe).toHaveBeenCalledTimes(1)
  stop()
  expect(leave).toHaveBeenCalledTimes(1)
})

test('works with derived, get and fromStore', async () => {
  const { client } = createTestReplay()
  const store = sessionReplayStore(client)
  const isRecording = derived(store, ($replay) => $replay.isRecording)
  const stop = client.start()
  await flushController(client)
  expect(get(isRecording)).toBe(true)
  expect(fromStore(store).current).toBe(client.getSnapshot())
  stop()
})
