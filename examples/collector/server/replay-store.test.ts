import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeUpload, type ReceivedUpload } from '@session-replay-kit/core/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recordedVisit, replayBody } from '../test/recording.ts'
import { openReplayStore } from './replay-store.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'replays-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dir, { recursive: true, force: true })
})

async function upload(sessionId: string, receivedAt: number): Promise<ReceivedUpload> {
  const body = new TextEncoder().encode(replayBody(recordedVisit(receivedAt)))
  return {
    deviceId: 'device',
    sessionId,
    channel: 'replay',
    apiKey: 'KEY',
    via: 'fetch',
    library: 'standalone/1.0.0',
    sampleRate: '1',
    pageUrl: 'http://shop.example/',
    receivedAt,
    body,
    gzipped: false,
    headers: {},
    decoded: await decodeUpload(body),
  }
}

/** What a disk that was full for a moment leaves behind. */
const halfWritten = async (key: string) => {
  await appendFile(join(dir, key, 'bodies.bin'), 'half a bo')
  await appendFile(join(dir, key, 'index.ndjson'), '{"kind":"upload","at":20')
}

test('drops the oldest replay when the folder is full', async () => {
  const one = await upload('1', 1000)
  const store = await openReplayStore({ dir, maxBytes: Math.round(one.body.byteLength * 2.8) })
  await store.addUpload(one)
  await store.addUpload(await upload('2', 2000))
  await store.addUpload(await upload('3', 3000))
  expect(store.list().map(({ sessionId }) => sessionId)).toEqual(['3', '2'])
  expect(await readdir(dir)).toHaveLength(2)
})

test('keeps no upload of a replay that alone would fill the folder, and says so', async () => {
  const store = await openReplayStore({ dir, maxBytes: 100 })
  await store.addUpload(await upload('1', 1000))
  expect(store.list()).toMatchObject([{ uploads: 0, refusals: 1 }])
})

test('finds everything again after a restart', async () => {
  const first = await openReplayStore({ dir, maxBytes: 1e9 })
  await first.addUpload(await upload('1', 1000))
  const again = await openReplayStore({ dir, maxBytes: 1e9 })
  expect(again.list()).toEqual(first.list())
  const [replay] = again.list()
  const [decoded] = (await again.find(replay?.key ?? '')?.uploadsFrom(0)) ?? []
  expect(decoded?.events).toEqual(recordedVisit(1000))
})

test('loses nothing but the half-written line of a crash, and can go on', async () => {
  const first = await openReplayStore({ dir, maxBytes: 1e9 })
  await first.addUpload(await upload('1', 1000))
  const key = first.list()[0]?.key ?? ''
  await halfWritten(key)
  const again = await openReplayStore({ dir, maxBytes: 1e9 })
  await again.addUpload(await upload('1', 5000))
  const third = await openReplayStore({ dir, maxBytes: 1e9 })
  const decoded = await third.find(key)?.uploadsFrom(0)
  expect(decoded?.map(({ events }) => events)).toEqual([recordedVisit(1000), recordedVisit(5000)])
})

test('goes on as if nothing had been written when a write ended half-way', async () => {
  const store = await openReplayStore({ dir, maxBytes: 1e9 })
  await store.addUpload(await upload('1', 1000))
  const key = store.list()[0]?.key ?? ''
  await halfWritten(key)
  await store.addUpload(await upload('1', 5000))
  for (const each of [store, await openReplayStore({ dir, maxBytes: 1e9 })]) {
    const decoded = await each.find(key)?.uploadsFrom(0)
    expect(decoded?.map(({ events }) => events)).toEqual([recordedVisit(1000), recordedVisit(5000)])
  }
})

test('takes a body back whose line cannot be written, and keeps it when it comes again', async () => {
  const store = await openReplayStore({ dir, maxBytes: 1e9 })
  await store.addUpload(await upload('1', 1000))
  const key = store.list()[0]?.key ?? ''
  const index = join(dir, key, 'index.ndjson')
  await rename(index, `${index}.away`)
  await mkdir(index)
  await expect(store.addUpload(await upload('1', 5000))).rejects.toThrow('EISDIR')
  await rm(index, { recursive: true })
  await rename(`${index}.away`, index)
  await store.addUpload(await upload('1', 5000))
  const [replay] = store.list()
  expect((await stat(join(dir, key, 'bodies.bin'))).size).toBe(replay?.bodyBytes)
  const decoded = await store.find(key)?.uploadsFrom(0)
  expect(decoded?.map(({ events }) => events)).toEqual([recordedVisit(1000), recordedVisit(5000)])
})

test('leaves out a line that cannot be read, and none of those behind it', async () => {
  const first = await openReplayStore({ dir, maxBytes: 1e9 })
  await first.addUpload(await upload('1', 1000))
  const key = first.list()[0]?.key ?? ''
  const index = join(dir, key, 'index.ndjson')
  const damage = Buffer.from('{"kind":"up\xff{"kind":"upload"}\nnull\n', 'latin1')
  const [head = '', line = ''] = (await readFile(index, 'utf8')).split('\n')
  await writeFile(index, Buffer.concat([Buffer.from(`${head}\n`), damage, Buffer.from(`${line}\n`)]))
  const second = await openReplayStore({ dir, maxBytes: 1e9 })
  await second.addUpload(await upload('1', 5000))
  const third = await openReplayStore({ dir, maxBytes: 1e9 })
  const decoded = await third.find(key)?.uploadsFrom(0)
  expect(decoded?.map(({ events }) => events)).toEqual([recordedVisit(1000), recordedVisit(5000)])
})

test('begins a replay anew that goes on while it is removed', async () => {
  const store = await openReplayStore({ dir, maxBytes: 1e9 })
  await store.addUpload(await upload('1', 1000))
  const key = store.list()[0]?.key ?? ''
  const told: string[] = []
  store.watch(({ type }) => told.push(type))
  const next = await upload('1', 5000)
  await Promise.all([store.remove(key), store.addUpload(next), store.addUpload(await upload('1', 9000))])
  const decoded = await store.find(key)?.uploadsFrom(0)
  expect(decoded?.map(({ events }) => events)).toEqual([recordedVisit(5000), recordedVisit(9000)])
  expect(told).toEqual(['removed', 'replay', 'replay'])
  await expect(store.addUpload(await upload('1', 12_000))).resolves.toBeUndefined()
})

test('knows when something arrived, whatever an app says of its own times', async () => {
  const now = Date.now() + 60_000
  const store = await openReplayStore({ dir, maxBytes: 1e9, now: () => now })
  const event = { event_type: 'Click', device_id: 'device', session_id: 1 }
  for (const time of ['soon', 9e15, undefined]) {
    await store.addAnalytics([{ ...event, time: time as number }])
  }
  const [replay] = store.list()
  expect(replay?.receivedAt).toBe(now)
  expect(store.find(replay?.key ?? '')?.analytics()).toMatchObject([{ at: now }, { at: 9e15 }, { at: now }])
})

test('lists a replay of very many lines', async () => {
  const first = await openReplayStore({ dir, maxBytes: 1e9 })
  await first.addUpload(await upload('1', 1000))
  const index = join(dir, first.list()[0]?.key ?? '', 'index.ndjson')
  await appendFile(index, '{"kind":"duplicate","at":2000}\n'.repeat(500_000))
  const again = await openReplayStore({ dir, maxBytes: 1e9 })
  expect(again.list()).toMatchObject([{ uploads: 1, duplicates: 500_000 }])
})

test('opens a replay although one of its bodies cannot be read', async () => {
  const store = await openReplayStore({ dir, maxBytes: 1e9 })
  const broken = await upload('1', 1000)
  await store.addUpload({ ...broken, body: new Uint8Array(broken.body.byteLength) })
  await store.addUpload(await upload('1', 5000))
  const decoded = await store.find(store.list()[0]?.key ?? '')?.uploadsFrom(0)
  expect(decoded?.map(({ events }) => events)).toEqual([[], recordedVisit(5000)])
})

test('writes uploads that arrive together one after the other', async () => {
  const store = await openReplayStore({ dir, maxBytes: 1e9 })
  const uploads = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => upload('1', n * 1000)))
  await Promise.all(uploads.map((each) => store.addUpload(each)))
  const decoded = await store.find(store.list()[0]?.key ?? '')?.uploadsFrom(0)
  expect(decoded?.map(({ events }) => events[0]?.timestamp)).toEqual([
    1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000,
  ])
})

test('leaves alone at start what is not a replay, and finds the replays beside it', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const first = await openReplayStore({ dir, maxBytes: 1e9 })
  await first.addUpload(await upload('1', 1000))
  const foreign = {
    'notes.txt': 'by hand',
    'backup/photo.bin': 'a picture',
    'backup/index.ndjson': '{"kind":"photo"}\nnot JSON',
    '00000000000000000000/index.ndjson': 'not JSON\n{"kind":"upload"}\n',
  }
  await mkdir(join(dir, 'backup'))
  await mkdir(join(dir, '00000000000000000000'))
  for (const [path, text] of Object.entries(foreign)) await writeFile(join(dir, path), text)

  const again = await openReplayStore({ dir, maxBytes: 1e9 })
  expect(again.list()).toEqual(first.list())
  for (const [path, text] of Object.entries(foreign)) {
    expect(await readFile(join(dir, path), 'utf8')).toBe(text)
  }
})

test('keeps a replay that cannot be read for a while, and goes on when it can', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const first = await openReplayStore({ dir, maxBytes: 1e9 })
  await first.addUpload(await upload('1', 1000))
  const key = first.list()[0]?.key ?? ''
  const index = join(dir, key, 'index.ndjson')
  await rename(index, `${index}.away`)
  await mkdir(index)

  const again = await openReplayStore({ dir, maxBytes: 1e9 })
  expect(again.list()).toEqual([])
  await expect(again.addUpload(await upload('1', 5000))).rejects.toThrow('EISDIR')
  await rm(index, { recursive: true })
  await rename(`${index}.away`, index)
  await again.addUpload(await upload('1', 5000))
  const decoded = await again.find(key)?.uploadsFrom(0)
  expect(decoded?.map(({ events }) => events)).toEqual([recordedVisit(1000), recordedVisit(5000)])
})
