import { describe, expect, it } from 'vitest'
import { createRig, ok } from '../../test/support/upload-rig.ts'
import type { PackedBatch } from '../types.ts'

describe('delivery', () => {
  it('sends what is enqueued, in order, and deletes the record', async () => {
    const rig = createRig()
    for (const event of ['a', 'b', 'c']) rig.add([event])
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a', 'b', 'c'])
    expect(rig.stored()).toEqual([])
    expect(rig.uploader.status()).toMatchObject({ queued: 0, inFlight: 0, requests: 3, drops: {} })
    expect(rig.uploader.status().lastUploadAt).toBe(rig.clock.epoch())
  })

  it('has one request under way in a session, and does not hold back another session', async () => {
    const rig = createRig()
    rig.react = ({ sessionId }) => (sessionId === '1' ? 'silent' : ok)
    rig.add(['a'])
    rig.add(['b'])
    rig.add(['other'], { sessionId: 2 })
    await rig.clock.advance(0)
    expect(rig.events()).toEqual(['a', 'other'])
  })

  it('sorts adopted batches by their number, whatever the order of calls', async () => {
    const rig = createRig()
    rig.setOnline(false)
    rig.add(['late'], { tabId: 'dead', sequence: 9 })
    rig.add(['early'], { tabId: 'dead', sequence: 2 })
    rig.setOnline(true)
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['early', 'late'])
  })

  it('lets live data go before a backlog of dead tabs, which goes one by one', async () => {
    const rig = createRig()
    rig.setOnline(false)
    for (const tabId of ['dead1', 'dead2', 'dead3']) rig.add([tabId], { tabId, sequence: 1 })
    rig.add(['live'])
    rig.react = () => 'silent'
    rig.setOnline(true)
    await rig.clock.advance(0)
    expect(rig.events()).toEqual(['live', 'dead1'])
  })

  it('sends a batch once when it is enqueued twice, also after its acknowledgement', async () => {
    const rig = createRig()
    const { header } = rig.add(['a'])
    rig.uploader.enqueue(header)
    await rig.uploader.drain()
    rig.uploader.enqueue(header)
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a'])
  })

  it('passes over a batch that the store has given up', async () => {
    const rig = createRig({ store: { read: async () => null, remove: async () => {} } })
    rig.add(['a'])
    await rig.uploader.drain()
    expect(rig.uploader.status().queued).toBe(0)
  })

  it('sends what was out of reach, or another page had for a while, once it is enqueued again', async () => {
    let batch: PackedBatch | null = null
    const rig = createRig({ store: { read: async () => batch, remove: async () => {} } })
    const { header } = rig.add(['a'])
    await rig.uploader.drain()
    batch = rig.put(['a'], header)
    rig.setOnline(false)
    rig.uploader.enqueue(header)
    rig.uploader.release([header])
    rig.setOnline(true)
    await rig.uploader.drain()
    expect(rig.sent).toEqual([])
    rig.uploader.enqueue(header)
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a'])
  })

  it('hears the answer to what it handed over before it sends that again', async () => {
    let verdict: 'yes' | 'wait' = 'wait'
    const rig = createRig({ mayUpload: () => verdict })
    rig.react = () => 'silent'
    const batch = rig.add(['a'])
    verdict = 'yes'
    rig.uploader.sendOnExit([batch])
    rig.uploader.release([batch.header])
    rig.uploader.enqueue(batch.header)
    await rig.clock.advance(0)
    expect(rig.sent).toHaveLength(1)
  })

  it('does not send what became unwanted for now while it was read', async () => {
    let verdict: 'yes' | 'wait' = 'yes'
    const rig = createRig({ mayUpload: () => verdict })
    rig.add(['a'])
    verdict = 'wait'
    await rig.uploader.drain()
    expect(rig.sent).toEqual([])
    verdict = 'yes'
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a'])
  })

  it('goes on when the store fails to read, and says so', async () => {
    let fails = 1
    const rig = createRig({
      store: {
        read: async (key) => {
          if (fails-- > 0) throw new Error('disk')
          return { ...rig.put(['a']), header: { ...rig.put(['x']).header, ...key } }
        },
        remove: async () => {},
      },
    })
    rig.add(['a'])
    await rig.clock.advance(3_000)
    expect(rig.events()).toEqual(['a'])
    expect(rig.warnings.map(({ code }) => code)).toEqual(['STORE_FAILED'])
  })

  it('sends plain JSON when transport compression is off', async () => {
    const rig = createRig({ compress: false })
    rig.add(['a'])
    await rig.uploader.drain()
    expect(rig.sent[0]?.headers).not.toHaveProperty('Content-Encoding')
    expect(Buffer.from(rig.sent[0]?.raw ?? []).toString()).toBe('{"version":1,"events":["a"]}')
  })

  it('has no timer while nothing is queued', async () => {
    const rig = createRig()
    rig.add(['a'])
    await rig.uploader.drain()
    expect(rig.clock.timers()).toBe(0)
  })
})

describe('failures', () => {
  it.each([
    ['lost connections', 'lost'],
    ['503', { status: 503 }],
    ['403', { status: 403 }],
    ['404', { status: 404 }],
  ] as const)(
    'keeps everything through 200 answers of %s, and then delivers it in order',
    async (_, fault) => {
      const rig = createRig()
      rig.clock.random = () => 0.5
      rig.react = (_sent, index) => (index < 200 ? fault : ok)
      for (let number = 0; number < 20; number += 1) rig.add([`event ${number}`])
      while (rig.sent.length < 200) await rig.clock.advance(60_000)
      expect(rig.stored()).toHaveLength(20)
      await rig.clock.advance(120_000)
      expect(rig.events().slice(200)).toEqual(Array.from({ length: 20 }, (__, number) => `event ${number}`))
      expect(rig.stored()).toEqual([])
    },
  )

  it('repeats a batch byte for byte and alone, although more has come', async () => {
    const rig = createRig()
    rig.react = (_, index) => (index < 2 ? { status: 500 } : ok)
    rig.add(['a', 'b'])
    await rig.clock.advance(500)
    rig.add(['c'])
    await rig.clock.advance(30_000)
    const [first, second, third, fourth] = rig.sent
    expect(second?.raw).toEqual(first?.raw)
    expect(third?.raw).toEqual(first?.raw)
    expect(second?.headers).toEqual(first?.headers)
    expect(fourth?.events).toEqual(['c'])
  })

  it('waits as long as Retry-After says, for every session', async () => {
    const rig = createRig()
    rig.react = (_, index) => (index === 0 ? { status: 503, retryAfter: '30' } : ok)
    rig.add(['a'])
    await rig.clock.advance(1_000)
    rig.add(['other'], { sessionId: 2 })
    await rig.clock.advance(28_900)
    expect(rig.sent).toHaveLength(1)
    expect(rig.uploader.status().pausedUntil).toBe(rig.clock.epoch() + 100)
    await rig.clock.advance(100)
    expect(rig.sent).toHaveLength(3)
  })

  it('takes a silent server as failed after the timeout, once the transport ignores the signal', async () => {
    const rig = createRig()
    rig.react = (_, index) => (index === 0 ? 'silent' : ok)
    rig.add(['a'])
    await rig.clock.advance(10_000)
    expect(rig.sent).toHaveLength(1)
    await rig.clock.advance(1_000)
    expect(rig.sent).toHaveLength(2)
    expect(rig.stored()).toEqual([])
  })

  it('stays under 40 requests a minute in an outage, with many sessions and batches', async () => {
    const rig = createRig()
    rig.react = () => 'lost'
    for (let session = 1; session <= 10; session += 1) {
      for (let batch = 0; batch < 5; batch += 1)
        rig.add(['x'], { sessionId: session, tabId: `dead${session}` })
    }
    for (let minute = 1; minute <= 10; minute += 1) {
      const before = rig.sent.length
      for (let second = 0; second < 60; second += 1) {
        rig.add(['live'])
        await rig.clock.advance(1_000)
      }
      expect(rig.sent.length - before).toBeLessThanOrEqual(40)
    }
    expect(rig.stored()).toHaveLength(600)
  })

  it('a batch that alone makes the server fail does not hold back another session', async () => {
    const rig = createRig()
    rig.clock.random = () => 0.5
    rig.react = ({ sessionId }) => (sessionId === '1' ? { status: 500 } : ok)
    rig.add(['bad'])
    for (let number = 0; number < 10; number += 1) rig.add([`good ${number}`], { sessionId: 2 })
    await rig.clock.advance(60_000)
    expect(rig.events().filter((event) => event !== 'bad')).toHaveLength(10)
    expect(rig.stored()).toEqual([1])
  })

  it('warns once a fault goes on, with a stable text', async () => {
    const rig = createRig()
    rig.react = () => 'lost'
    rig.add(['a'])
    await rig.clock.advance(1_500)
    expect(rig.warnings).toEqual([])
    await rig.clock.advance(60_000)
    expect(new Set(rig.warnings.map(({ message }) => message)).size).toBe(1)
    expect(rig.warnings[0]?.code).toBe('TRANSPORT_BLOCKED')
  })

  it('says what nothing gets through for, and what to do, until something does', async () => {
    const rig = createRig()
    rig.react = () => 'lost'
    rig.add(['a'])
    await rig.clock.advance(60_000)
    expect(rig.uploader.status().trouble).toBe(rig.warnings[0]?.message)
    expect(rig.warnings[0]?.message).toMatch(/ad blocker.*createReplayProxy/)
    rig.react = () => ok
    await rig.clock.advance(120_000)
    expect(rig.uploader.status().trouble).toBeNull()
  })

  it('knows at once when it is the page that forbids it, and says nothing else', async () => {
    const rig = createRig()
    rig.forbid()
    rig.react = () => 'lost'
    rig.add(['a'])
    await rig.clock.advance(60_000)
    const texts = new Set(rig.warnings.map(({ message }) => message))
    expect([...texts]).toEqual([expect.stringContaining('Content-Security-Policy blocks')])
    expect(rig.uploader.status().trouble).toBe([...texts][0])
  })

  it('does not call it blocked when the network went away', async () => {
    const rig = createRig()
    rig.react = () => {
      rig.setOnline(false)
      return 'lost'
    }
    rig.add(['a'])
    for (let flap = 0; flap < 5; flap += 1) {
      await rig.clock.advance(20_000)
      rig.setOnline(true)
    }
    await rig.clock.advance(1_000)
    expect(rig.warnings).toEqual([])
  })
})

describe('offline', () => {
  it('makes no attempt, then sends as soon as the network is back', async () => {
    const rig = createRig()
    rig.setOnline(false)
    rig.add(['a'])
    await rig.clock.advance(600_000)
    expect(rig.sent).toHaveLength(0)
    expect(rig.clock.timers()).toBe(0)
    rig.setOnline(true)
    await rig.clock.advance(0)
    expect(rig.events()).toEqual(['a'])
  })

  it('ends a long back-off when the network is back', async () => {
    const rig = createRig()
    rig.clock.random = () => 0.99
    rig.react = () => 'lost'
    rig.add(['a'])
    await rig.clock.advance(60_000)
    rig.setOnline(false)
    await rig.clock.advance(5_000)
    rig.react = () => ok
    const before = rig.sent.length
    rig.setOnline(true)
    await rig.clock.advance(0)
    expect(rig.sent).toHaveLength(before + 1)
  })

  it('lets drain end', async () => {
    const rig = createRig()
    rig.setOnline(false)
    rig.add(['a'])
    await expect(rig.uploader.drain()).resolves.toBeUndefined()
  })
})

describe('permission', () => {
  it('waits for wake while a session may not be uploaded yet', async () => {
    let verdict: 'yes' | 'wait' | 'never' = 'wait'
    const rig = createRig({ mayUpload: () => verdict })
    rig.add(['a'])
    rig.add(['b'])
    await rig.clock.advance(60_000)
    expect(rig.sent).toHaveLength(0)
    expect(rig.clock.timers()).toBe(0)
    verdict = 'yes'
    rig.uploader.wake()
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a', 'b'])
  })

  it('deletes what may never be uploaded', async () => {
    const rig = createRig({ mayUpload: ({ sessionId }) => (sessionId === 1 ? 'never' : 'yes') })
    rig.add(['a'])
    rig.add(['b'], { sessionId: 2 })
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['b'])
    expect(rig.stored()).toEqual([])
    expect(rig.uploader.status().drops).toEqual({ 'not-wanted': 1 })
  })

  it('forgets what is discarded', async () => {
    const rig = createRig()
    rig.setOnline(false)
    rig.add(['a'])
    rig.add(['b'], { sessionId: 2 })
    rig.uploader.discard({ sessionId: 1 })
    rig.setOnline(true)
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['b'])
  })
})

describe('stop', () => {
  it('leaves no timer, makes no further request and ends drain', async () => {
    const rig = createRig()
    rig.react = () => ({ status: 503 })
    rig.add(['a'])
    await rig.clock.advance(100)
    rig.uploader.stop()
    rig.add(['b'])
    rig.setOnline(true)
    await rig.uploader.drain()
    await rig.clock.advance(600_000)
    expect(rig.sent).toHaveLength(1)
    expect(rig.clock.timers()).toBe(0)
    rig.uploader.stop()
  })
})
