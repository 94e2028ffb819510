import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createRig, ok } from '../../test/support/upload-rig.ts'

describe('refusals of a batch', () => {
  it('halves what is too large until it fits', async () => {
    const rig = createRig()
    rig.react = ({ events }) => (events.length > 1 ? { status: 413 } : ok)
    rig.add(['a', 'b', 'c', 'd', 'e'])
    rig.add(['f'])
    await rig.uploader.drain()
    expect(rig.sent.filter(({ events }) => events.length === 1).flatMap(({ events }) => events)).toEqual([
      ...'abcdef',
    ])
    expect(rig.stored()).toEqual([])
    expect(rig.heals()).toBe(0)
    expect(rig.uploader.status().drops).toEqual({})
  })

  it('keeps the record until the last part is accepted', async () => {
    const rig = createRig()
    rig.react = ({ events }, index) => {
      if (events.length > 1) return { status: 413 }
      return events[0] === 'b' && index < 5 ? { status: 503 } : ok
    }
    rig.add(['a', 'b'])
    await rig.clock.advance(0)
    expect(rig.stored()).toEqual([1])
    await rig.clock.advance(30_000)
    expect(rig.stored()).toEqual([])
    expect(rig.events().filter((event) => event === 'a')).toHaveLength(2)
  })

  it('keeps what is too large while it cannot be halved', async () => {
    const rig = createRig()
    rig.react = ({ events }) => (events.length > 1 ? { status: 413 } : ok)
    rig.setUnsplittable(true)
    rig.add(['a', 'b'])
    await rig.clock.advance(5_000)
    expect(rig.stored()).toEqual([1])
    expect(rig.uploader.status().drops).toEqual({})
    rig.setUnsplittable(false)
    await rig.clock.advance(600_000)
    expect(rig.events().slice(-2)).toEqual(['a', 'b'])
    expect(rig.stored()).toEqual([])
  })

  it('drops only the single event that is too large, says so once and asks for a snapshot', async () => {
    const rig = createRig()
    rig.react = ({ events }) => (events.includes('huge') ? { status: 413 } : ok)
    rig.add(['a', 'huge', 'b'])
    rig.add(['c'])
    await rig.uploader.drain()
    expect(rig.sent.filter(({ events }) => !events.includes('huge')).flatMap(({ events }) => events)).toEqual(
      ['a', 'b', 'c'],
    )
    expect(rig.uploader.status().drops).toEqual({ 'event-too-large': 1 })
    expect(rig.heals()).toBe(1)
    expect(rig.warnings.map(({ code }) => code)).toEqual(['EVENT_DROPPED'])
  })

  it('asks for snapshots at growing distances when each snapshot is too large', async () => {
    const rig = createRig()
    rig.react = () => ({ status: 413 })
    for (let second = 0; second < 120; second += 1) {
      rig.add(['huge'])
      await rig.clock.advance(1_000)
    }
    expect(rig.heals()).toBe(3)
    rig.uploader.stop()
    expect(rig.clock.timers()).toBe(0)
  })

  it('tries a poison batch twice, sets it aside and goes on', async () => {
    const rig = createRig()
    rig.react = ({ events }) => (events.includes('poison') ? { status: 400 } : ok)
    rig.add(['poison'])
    rig.add(['a'])
    rig.add(['b'])
    await rig.clock.advance(10_000)
    expect(rig.events()).toEqual(['poison', 'poison', 'a', 'b'])
    expect(rig.uploader.status().drops).toEqual({ poison: 1 })
    expect(rig.heals()).toBe(1)
    // Kept for the next visit, which tries once more.
    expect(rig.stored()).toEqual([1])
  })

  it('deletes an adopted poison batch after two tries', async () => {
    const rig = createRig()
    rig.react = () => ({ status: 422 })
    rig.add(['poison'], { tabId: 'dead' })
    await rig.clock.advance(10_000)
    expect(rig.sent).toHaveLength(2)
    expect(rig.stored('dead')).toEqual([])
    // A snapshot of this page cannot mend it.
    expect(rig.heals()).toBe(0)
  })

  it('does not hammer a server that can read nothing', async () => {
    const rig = createRig()
    rig.clock.random = () => 0.5
    rig.react = () => ({ status: 400 })
    for (let number = 0; number < 100; number += 1) rig.add(['x'])
    await rig.clock.advance(60_000)
    expect(rig.sent.length).toBeLessThanOrEqual(40)
  })
})

describe('refusals of a session', () => {
  it('pauses a throttled session for a minute, and no other', async () => {
    const rig = createRig()
    rig.react = (_, index) => (index === 0 ? { status: 200, skip: '429' } : ok)
    rig.add(['a'])
    await rig.clock.advance(0)
    rig.add(['b'])
    rig.add(['other'], { sessionId: 2 })
    await rig.clock.advance(59_999)
    expect(rig.events()).toEqual(['a', 'other'])
    await rig.clock.advance(1)
    expect(rig.events()).toEqual(['a', 'other', 'b'])
    expect(rig.uploader.status().drops).toEqual({ throttled: 1 })
    expect(rig.heals()).toBe(1)
  })

  it('keeps the pause when a request that was already under way is accepted', async () => {
    let answerAdopted = (): void => {}
    const held = new Promise<void>((resolve) => {
      answerAdopted = resolve
    })
    const events: string[] = []
    const rig = createRig({
      // Two tabs' lanes of one session: the adopted batch is answered after the live one was throttled.
      transport: async ({ body }) => {
        const text = gunzipSync(body as Uint8Array).toString()
        const [event = ''] = (JSON.parse(text) as { events: string[] }).events
        events.push(event)
        if (event === 'adopted') await held
        const skip = event === 'live' ? '429' : null
        const headers = { get: (name: string) => (name === 'Retry-After' ? null : skip) }
        return { status: 200, headers, text: async () => '' }
      },
    })
    rig.add(['live'])
    rig.add(['adopted'], { tabId: 'dead' })
    rig.add(['next'])
    await rig.clock.advance(1_000)
    answerAdopted()
    await rig.clock.advance(50_000)
    expect(events).toEqual(['live', 'adopted'])
    await rig.clock.advance(10_000)
    expect(events).toEqual(['live', 'adopted', 'next'])
  })

  it('after a pause, what has waited leaves batch by batch, not merged', async () => {
    const rig = createRig()
    rig.react = (_, index) => (index === 0 ? { status: 200, skip: '429' } : ok)
    rig.add(['a'])
    await rig.clock.advance(0)
    const waiting = [rig.add(['b']), rig.add(['c'])]
    await rig.clock.advance(60_000)
    expect(rig.sent.slice(1).map(({ raw }) => raw)).toEqual(waiting.map(({ body }) => body))
  })

  it.each(['4004', '4005'])('code %s ends the session for good and leaves others alone', async (skip) => {
    const rig = createRig()
    rig.react = ({ sessionId }) => (sessionId === '1' ? { status: 200, skip } : ok)
    rig.add(['a'])
    rig.add(['b'])
    rig.add(['other'], { sessionId: 2 })
    await rig.clock.advance(0)
    rig.add(['c'])
    await rig.clock.advance(600_000)
    expect(rig.events()).toEqual(['a', 'other'])
    expect(rig.killed).toEqual([1])
    expect(rig.stored()).toEqual([])
    expect(rig.uploader.status().drops).toEqual({ 'session-killed': 3 })
    expect(rig.warnings).toHaveLength(1)
  })

  it('takes an unknown skip code as an acknowledgement', async () => {
    const rig = createRig()
    rig.react = () => ({ status: 200, skip: '7' })
    rig.add(['a'])
    rig.add(['b'])
    await rig.uploader.drain()
    expect(rig.events()).toEqual(['a', 'b'])
    expect(rig.stored()).toEqual([])
  })
})
