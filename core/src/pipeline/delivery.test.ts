// @vitest-environment jsdom
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionReplayOptions } from '../config/options.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import type { ReplayError } from '../errors.ts'
import { hasLeftovers } from '../platform/leftovers.ts'
import type { TransportRequest } from '../types.ts'
import { createDelivery, type Delivery, type DeliveryDeps } from './delivery.ts'

const KEY = '0123456789abcdef'
const OFFICIAL = '0123456789_amp_session_replay_events'
const OURS = 'session_replay_kit_0123456789'

let deliveries: Delivery[] = []
let problems: ReplayError[] = []
let lines: unknown[] = []
let sent: TransportRequest[] = []
/** What the server answers; null: it cannot be reached. */
let status: number | null = 200
let mayUpload: 'yes' | 'wait' = 'yes'
/** The server takes so long to answer. */
let held: Promise<void> | undefined

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  localStorage.clear()
  problems = []
  lines = []
  sent = []
  status = 200
  mayUpload = 'yes'
  held = undefined
})

afterEach(async () => {
  mayUpload = 'wait'
  for (const delivery of deliveries) void delivery.discard()
  await Promise.all(deliveries.map((delivery) => delivery.end()))
  deliveries = []
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

function open(tabId: string, options: SessionReplayOptions = {}, more: Partial<DeliveryDeps> = {}): Delivery {
  const handleSendEvents = async (request: TransportRequest) => {
    sent.push(request)
    await held
    if (status === null) throw new TypeError('Failed to fetch')
    return { status }
  }
  const delivery = createDelivery({
    apiKey: KEY,
    tabId,
    options: resolveOptions({ ...options, handleSendEvents, useWebWorker: false } as never, () => {}),
    destination: {
      apiKey: KEY,
      serverZone: 'US',
      trackServerUrl: undefined,
      version: '1',
      library: { type: 'plugin', version: '1' },
    },
    deviceId: () => 'device',
    mayUpload: () => mayUpload,
    onSessionKilled() {},
    onGap() {},
    debug: (line) => lines.push(line),
    report: (error) => problems.push(error),
    ...more,
  })
  deliveries.push(delivery)
  return delivery
}

const ORIGIN = {
  identity: { deviceId: 'device', sessionId: 1 },
  channel: 'replay',
  pageUrl: '',
  sampleRate: 1,
} as const

const event = (text: string, timestamp = Date.now()) => ({
  type: 5,
  timestamp,
  data: { tag: text, payload: {} },
})

/** Records something that cannot be sent yet, and waits until it is on disk. */
async function leaveBehind(delivery: Delivery, text = 'left'): Promise<void> {
  await vi.waitFor(() => expect(delivery.status().store.kind).toBe('idb'))
  delivery.add(event(text), ORIGIN)
  await delivery.close('pause')
  await vi.waitFor(async () => expect(await rows()).not.toEqual([]))
}

function read(name: string, store: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.onerror = () => reject(opening.error)
    opening.onupgradeneeded = () => opening.transaction?.abort()
    opening.onsuccess = () => {
      const all = opening.result.transaction(store).objectStore(store).getAll()
      all.onsuccess = () => {
        opening.result.close()
        resolve(all.result)
      }
    }
  })
}

const rows = async () =>
  ((await read(OURS, 'batches')) as { header: { tabId: string } }[]).map(({ header }) => header.tabId)

function officialDatabase(events: unknown[]): Promise<void> {
  return new Promise((resolve) => {
    const opening = indexedDB.open(OFFICIAL, 1)
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('sessionCurrentSequence', { keyPath: 'sessionId' })
      const store = opening.result.createObjectStore('sequencesToSend', {
        keyPath: 'sequenceId',
        autoIncrement: true,
      })
      for (const one of events) store.put({ sessionId: 7, events: [JSON.stringify(one)] })
    }
    opening.onsuccess = () => {
      opening.result.close()
      resolve()
    }
  })
}

/** Allows everything, and notes the newest event of the session that it was asked with. */
const noting =
  (asked: number[]): DeliveryDeps['mayUpload'] =>
  (_, lastEventAt) => {
    asked.push(lastEventAt)
    return 'yes'
  }

/** A note of a tab that has nothing on disk. */
const GHOST = 'session_replay_kit_unsent_0123456789_ghost'

describe('notes of unsent batches', () => {
  it('stay for a tab that lives while another one looks for what dead tabs left', async () => {
    mayUpload = 'wait'
    await leaveBehind(open('tab-a'))
    expect(hasLeftovers(KEY)).toBe(true)
    localStorage.setItem(GHOST, '1')
    open('tab-b').adopt()
    await vi.waitFor(() => expect(localStorage.getItem(GHOST)).toBeNull())
    expect(await rows()).toEqual(['tab-a'])
    expect(hasLeftovers(KEY)).toBe(true)
  })

  it('stay when the disk cannot be read', async () => {
    mayUpload = 'wait'
    const first = open('tab-a')
    await leaveBehind(first)
    await first.end()
    const other = open('tab-b')
    other.adopt()
    await other.end()
    expect(await rows()).toEqual(['tab-a'])
    expect(hasLeftovers(KEY)).toBe(true)
  })

  it('go where nothing is ever read from disk', async () => {
    localStorage.setItem(GHOST, '1')
    open('tab-a', { storeType: 'memory' }).adopt()
    await vi.waitFor(() => expect(localStorage.getItem(GHOST)).toBeNull())
  })

  it('go with the last batch of a dead tab', async () => {
    mayUpload = 'wait'
    const first = open('tab-a')
    await leaveBehind(first)
    await first.end()
    mayUpload = 'yes'
    const other = open('tab-b')
    other.adopt()
    await vi.waitFor(async () => expect(await rows()).toEqual([]))
    other.adopt()
    await vi.waitFor(() => expect(hasLeftovers(KEY)).toBe(false))
  })

  it('are left for what came before the disk was open', async () => {
    mayUpload = 'wait'
    const delivery = open('tab-a')
    delivery.add(event('early'), ORIGIN)
    void delivery.close('pause')
    delivery.adopt()
    await vi.waitFor(async () => expect(await rows()).toEqual(['tab-a']))
    await vi.waitFor(() => expect(hasLeftovers(KEY)).toBe(true))
  })
})

describe('what dead tabs left', () => {
  it('is measured by the newest event of its session, whichever batch has it', async () => {
    mayUpload = 'wait'
    const first = open('tab-a')
    await vi.waitFor(() => expect(first.status().store.kind).toBe('idb'))
    const now = Date.now()
    for (const at of [now - 60_000, now]) {
      first.add(event(`at ${at}`, at), ORIGIN)
      await first.close('pause')
    }
    await first.end()
    const asked: number[] = []
    const next = open('tab-b', {}, { mayUpload: noting(asked) })
    next.adopt()
    await vi.waitFor(() => expect(sent).toHaveLength(2))
    expect(new Set(asked)).toEqual(new Set([now]))
  })
})

describe('back from the back/forward cache', () => {
  /** A tab that may send nothing before it goes away; `allow` ends that. */
  async function goAway(tabId: string, prepare: (tab: Delivery) => Promise<void>) {
    let verdict: 'yes' | 'wait' = 'wait'
    const tab = open(tabId, {}, { mayUpload: () => verdict })
    await prepare(tab)
    // As browsers do it: `pagehide`, then `visibilitychange` and `freeze`.
    tab.leave(true)
    tab.leave(false)
    verdict = 'yes'
    return tab
  }

  it('sends nothing that another page has sent meanwhile', async () => {
    const cached = await goAway('tab-a', leaveBehind)
    open('tab-b').adopt()
    await vi.waitFor(async () => expect(await rows()).toEqual([]))
    cached.comeBack()
    cached.wake()
    await cached.flush()
    expect(sent).toHaveLength(1)
    cached.add(event('after'), ORIGIN)
    await cached.flush()
    expect(sent).toHaveLength(2)
  })

  it('sends what it had taken over itself', async () => {
    mayUpload = 'wait'
    const dead = open('tab-dead')
    await leaveBehind(dead)
    await dead.end()
    const cached = await goAway('tab-a', async (tab) => {
      tab.adopt()
      await vi.waitFor(() => expect(tab.status().upload.queued).toBe(1))
    })
    cached.comeBack()
    cached.wake()
    await vi.waitFor(() => expect(sent).toHaveLength(1))
  })

  it('sends nothing while it is away, and goes on by itself if it was not', async () => {
    const tab = await goAway('tab-a', leaveBehind)
    tab.wake()
    await tab.flush()
    expect(sent).toEqual([])
    await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 4000 })
  })
})

describe('discard', () => {
  it('takes what dead tabs left even when the delivery ends at once', async () => {
    mayUpload = 'wait'
    const first = open('tab-a')
    await leaveBehind(first)
    await first.end()
    const other = open('tab-b')
    const discarded = other.discard()
    await Promise.all([discarded, other.end()])
    expect(await rows()).toEqual([])
  })

  it('takes what a delivery that is ending still holds, before that has ended', async () => {
    mayUpload = 'wait'
    const delivery = open('tab-a')
    await leaveBehind(delivery)
    mayUpload = 'yes'
    let answer = (): void => {}
    held = new Promise((resolve) => {
      answer = resolve
    })
    delivery.wake()
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    delivery.add(event('after'), ORIGIN)
    const ending = delivery.end()
    await vi.waitFor(async () => expect(await rows()).toHaveLength(2))
    void delivery.discard()
    answer()
    await ending
    expect(await rows()).toEqual([])
    expect(sent).toHaveLength(1)
  })
})

describe('debugMode', () => {
  it.each([true, false])('tells with each upload what is stored (%s)', async (debugMode) => {
    const delivery = open('tab-a', { debugMode, storeType: 'memory' })
    delivery.add(event('one'), ORIGIN)
    await delivery.flush()
    expect(sent).toHaveLength(1)
    const line = /^Session Replay: unsent: [1-9]\d* bytes in memory, 0 on disk\.$/
    expect(lines).toEqual(debugMode ? [expect.stringMatching(line)] : [])
  })
})

describe('what may still be taken back', () => {
  it('can be taken back from a delivery that is ending', async () => {
    const delivery = open('tab-a', { discardRecentMs: 200 } as SessionReplayOptions)
    delivery.add(event('restricted'), ORIGIN)
    const ending = delivery.end()
    await Promise.resolve()
    delivery.discardRecent(200)
    await ending
    expect(sent).toEqual([])
  })

  it('is delivered by one that is ending, if nobody does', async () => {
    const delivery = open('tab-a', { discardRecentMs: 200 } as SessionReplayOptions)
    delivery.add(event('public'), ORIGIN)
    await delivery.end()
    expect(sent).toHaveLength(1)
  })
})

describe('the end of a delivery that memory alone has', () => {
  async function end(prepare: () => void) {
    prepare()
    const delivery = open('tab-a', { storeType: 'memory' })
    delivery.add(event('only here'), ORIGIN)
    let ended = false
    const ending = delivery.end().then(() => {
      ended = true
    })
    await vi.waitFor(() => expect(delivery.status().upload.queued).toBe(1))
    await delivery.flush()
    expect([sent.length, ended]).toEqual([0, false])
    return { delivery, ending }
  }

  it('waits for the network to come back', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get')
    const { ending } = await end(() => online.mockReturnValue(false))
    online.mockReturnValue(true)
    window.dispatchEvent(new Event('online'))
    await ending
    expect(sent).toHaveLength(1)
  })

  it('waits until its session is long enough', async () => {
    const { delivery, ending } = await end(() => {
      mayUpload = 'wait'
    })
    mayUpload = 'yes'
    delivery.wake()
    await ending
    expect(sent).toHaveLength(1)
  })

  it('waits for nothing more when the user has opted out', async () => {
    const { delivery, ending } = await end(() => {
      mayUpload = 'wait'
    })
    await delivery.discard()
    await ending
    expect(sent).toEqual([])
  })

  it('hands over what waits when the page is left first', async () => {
    const { delivery, ending } = await end(() => {
      mayUpload = 'wait'
    })
    mayUpload = 'yes'
    delivery.leave(true)
    await ending
    expect(sent).toHaveLength(1)
  })
})

describe('what the official SDK left', () => {
  it('has a note while it is not sent', async () => {
    mayUpload = 'wait'
    await officialDatabase([event('official')])
    open('tab-a').adopt()
    await vi.waitFor(async () => expect(await rows()).toEqual(['tab-a']))
    expect(await read(OFFICIAL, 'sequencesToSend')).toEqual([])
    expect(hasLeftovers(KEY)).toBe(true)
  })

  it('is measured by the newest event of its session, whichever row has it', async () => {
    const now = Date.now()
    await officialDatabase([event('early', now - 60_000), event('late', now)])
    const asked: number[] = []
    open('tab-a', {}, { mayUpload: noting(asked) }).adopt()
    await vi.waitFor(() => expect(sent).toHaveLength(2))
    expect(new Set(asked)).toEqual(new Set([now]))
  })

  it('is not kept a second time when the disk fails while it is taken over', async () => {
    await officialDatabase([event('official')])
    const delivery = open('tab-a')
    await vi.waitFor(() => expect(delivery.status().store.kind).toBe('idb'))
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'UnknownError')
    })
    delivery.adopt()
    await vi.waitFor(() => expect(delivery.status().store.kind).toBe('memory'))
    await vi.waitFor(() => expect(delivery.status().store.memoryBytes).toBe(0))
    expect(await read(OFFICIAL, 'sequencesToSend')).toHaveLength(1)
  })

  it('is not taken over any more once the user has opted out', async () => {
    mayUpload = 'wait'
    await officialDatabase([event('one'), event('two'), event('three')])
    const databases = vi.spyOn(indexedDB, 'databases')
    const delivery = open('tab-a')
    delivery.adopt()
    await vi.waitFor(async () => expect(await rows()).not.toEqual([]), { interval: 1 })
    await delivery.discard()
    // Once for either database, after a first look; the second is opened when the first is done.
    await vi.waitFor(() => expect(databases).toHaveBeenCalledTimes(3))
    expect(await rows()).toEqual([])
  })

  it('stays where it is when the user had opted out before', async () => {
    await officialDatabase([event('official')])
    const databases = vi.spyOn(indexedDB, 'databases')
    const delivery = open('tab-a')
    await delivery.discard()
    localStorage.setItem(GHOST, '1')
    delivery.adopt()
    // It is looked for right after the notes.
    await vi.waitFor(() => expect(localStorage.getItem(GHOST)).toBeNull())
    expect(databases).not.toHaveBeenCalled()
  })
})
