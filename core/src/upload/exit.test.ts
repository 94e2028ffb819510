import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../test/support/fake-clock.ts'
import { createRig, ok, packed, type Rig } from '../../test/support/upload-rig.ts'
import type { PackedBatch, Transport } from '../types.ts'
import { createExitSender } from './exit.ts'
import { createKeepaliveBudget } from './keepalive.ts'

afterEach(() => vi.unstubAllGlobals())

/** What leaves with the page before the call returns. */
function handedOver(rig: Rig, batches: PackedBatch[]): string[] {
  const before = rig.events().length
  rig.uploader.sendOnExit(batches)
  return rig.events().slice(before)
}

describe('hand-over on exit', () => {
  it('is complete when the call returns, with keepalive, oldest first', () => {
    const rig = createRig()
    rig.setOnline(true)
    const batches = [rig.put(['a']), rig.put(['b'])]
    expect(handedOver(rig, batches)).toEqual(['a', 'b'])
    expect(rig.sent.every(({ keepalive }) => keepalive)).toBe(true)
  })

  it('leaves what does not fit to the store, and still sends what follows', () => {
    const a = packed(['a'], { sequence: 1 })
    const c = packed(['c'], { sequence: 3 })
    const rig = createRig({ keepalive: createKeepaliveBudget(a.body.byteLength + c.body.byteLength) })
    const big = rig.put([Array.from({ length: 500 }, (_, index) => (index * 7919) % 1013).join()], {
      sequence: 2,
    })
    expect(handedOver(rig, [a, big, c])).toEqual(['a', 'c'])
  })

  it('counts what this page already has under way', async () => {
    const a = packed(['a'])
    const rig = createRig({ keepalive: createKeepaliveBudget(a.body.byteLength) })
    rig.react = () => 'silent'
    rig.add(['a'])
    await rig.clock.advance(0)
    expect(rig.sent[0]?.keepalive).toBe(true)
    expect(handedOver(rig, [rig.put(['b'])])).toEqual([])
  })

  it('does not send again what is under way', async () => {
    const rig = createRig()
    rig.react = () => 'silent'
    const a = rig.add(['a'])
    await rig.clock.advance(0)
    expect(handedOver(rig, [a])).toEqual([])
    expect(handedOver(rig, [rig.put(['b'])])).toEqual(['b'])
    expect(rig.events()).toEqual(['a', 'b'])
  })

  it('takes over a batch that was just being read from the store', async () => {
    const rig = createRig()
    const a = rig.add(['a'])
    expect(handedOver(rig, [a])).toEqual(['a'])
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a'])
    expect(rig.stored()).toEqual([])
  })

  it('a page that survives deletes what was accepted and sends nothing twice', async () => {
    const rig = createRig()
    const batches = [rig.put(['a']), rig.put(['b'])]
    rig.uploader.sendOnExit(batches)
    expect(handedOver(rig, batches)).toEqual([])
    for (const { header } of batches) rig.uploader.enqueue(header)
    await rig.uploader.drain()
    for (const { header } of batches) rig.uploader.enqueue(header)
    expect(handedOver(rig, batches)).toEqual([])
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a', 'b'])
    expect(rig.stored()).toEqual([])
  })

  it('a page that survives sends again what failed, before what came later', async () => {
    const rig = createRig()
    rig.react = (_, index) => (index < 2 ? 'lost' : ok)
    rig.uploader.sendOnExit([rig.put(['a']), rig.put(['b'])])
    rig.add(['c'])
    await rig.clock.advance(30_000)
    expect(rig.events()).toEqual(['a', 'b', 'a', 'b', 'c'])
    expect(rig.stored()).toEqual([])
  })

  it.each([
    ['offline', (rig: ReturnType<typeof createRig>) => rig.setOnline(false)],
    ['after stop', (rig: ReturnType<typeof createRig>) => rig.uploader.stop()],
  ])('sends nothing %s', (_, prepare) => {
    const rig = createRig()
    prepare(rig)
    expect(handedOver(rig, [rig.put(['a'])])).toEqual([])
    expect(rig.sent).toEqual([])
  })

  it.each([
    ['a throttle pause', { status: 200, skip: '429' }],
    ['the end of the session', { status: 200, skip: '4005' }],
    ['a refusal', { status: 403 }],
    ['Retry-After', { status: 503, retryAfter: '60' }],
  ])('keeps to %s', async (_, reaction) => {
    const rig = createRig()
    rig.react = () => reaction
    rig.add(['a'])
    await rig.clock.advance(500)
    expect(handedOver(rig, [rig.put(['b'])])).toEqual([])
  })

  it('keeps to the minimum duration of a session', () => {
    const rig = createRig({ mayUpload: () => 'wait' })
    expect(handedOver(rig, [rig.put(['a'])])).toEqual([])
  })
})

describe('beacons', () => {
  const destination = {
    apiKey: 'KEY',
    serverZone: 'US',
    version: '0.1.0',
    library: { type: 'standalone', version: '0.1.0' },
  } as const

  function createSender(limitBytes?: number, transport?: Transport) {
    const clock = createFakeClock()
    const budget = createKeepaliveBudget(limitBytes)
    const gunzip = (body: Uint8Array): Uint8Array => gunzipSync(body)
    const sender = createExitSender({
      destination,
      budget,
      transport,
      timeoutMs: 10_000,
      compress: true,
      gunzip,
      clock,
    })
    return { sender, clock, budget }
  }

  function stubBeacon(accept = true) {
    const beacons: { url: string; payload: Blob | string }[] = []
    vi.stubGlobal('navigator', {
      sendBeacon(url: string, payload: Blob | string) {
        beacons.push({ url, payload })
        return accept
      },
    })
    return beacons
  }

  it('leave a batch to the store that cannot be read', () => {
    vi.stubGlobal('Request', class {})
    const beacons = stubBeacon()
    const { sender, budget } = createSender()
    const free = budget.freeBytes()
    expect(sender.handOver({ ...packed(['a']), body: Uint8Array.of(1, 2, 3) })).toBeNull()
    expect(beacons).toEqual([])
    expect(budget.freeBytes()).toBe(free)
  })

  it('replace keepalive where it is missing: key in the address, version 2, plain JSON', async () => {
    vi.stubGlobal('Request', class {})
    const beacons = stubBeacon()
    const { sender, clock, budget } = createSender()
    const free = budget.freeBytes()
    const request = sender.handOver(packed(['a']))
    expect(beacons[0]?.url).toContain('type=replay&api_key=KEY')
    const payload = beacons[0]?.payload as Blob
    expect(payload.type).toBe('application/json')
    expect(await payload.text()).toBe('{"version":2,"events":["a"]}')
    expect(budget.freeBytes()).toBe(free - payload.size)
    await clock.advance(10_000)
    // No answer ever comes: the batch is not called delivered.
    expect(await request).toEqual({ kind: 'unknown', reason: 'beacon' })
    expect(budget.freeBytes()).toBe(free)
  })

  it('that the browser does not take are not handed over', () => {
    vi.stubGlobal('Request', class {})
    stubBeacon(false)
    const { sender, budget } = createSender()
    const free = budget.freeBytes()
    expect(sender.handOver(packed(['a']))).toBeNull()
    expect(budget.freeBytes()).toBe(free)
  })

  it('that do not fit without gzip are not handed over', () => {
    vi.stubGlobal('Request', class {})
    const beacons = stubBeacon()
    const { sender } = createSender(500)
    expect(sender.handOver(packed(['x'.repeat(1_000)]))).toBeNull()
    expect(beacons).toEqual([])
  })
})
