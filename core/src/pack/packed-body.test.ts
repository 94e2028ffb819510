import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomFrom, randomJson } from '../../test/support/random.ts'
import { createBodyStream } from './body-stream.ts'
import { splitBody, unpackBody } from './packed-body.ts'

const textOf = (body: Uint8Array): string => gunzipSync(body).toString()
const eventsOf = (body: Uint8Array): unknown[] => JSON.parse(textOf(body)).events

function pack(channel: 'replay' | 'interaction', texts: string[]): Uint8Array {
  const stream = createBodyStream(channel)
  stream.add(texts)
  return stream.close().bytes
}

describe('unpackBody', () => {
  it('gives the bytes as they were', () => {
    const body = pack('replay', ['{"type":4,"text":"ä😀"}'])
    expect(Buffer.from(unpackBody(body)).toString()).toBe(textOf(body))
  })
})

describe('splitBody', () => {
  it('halves at floor(n/2) and keeps every event byte by byte', () => {
    const random = randomFrom(11)
    for (let count = 2; count < 40; count++) {
      const texts = Array.from({ length: count }, () =>
        JSON.stringify({ text: randomJson(random, 500), 10: 1, b: 2, 9: 3 }),
      )
      for (const channel of ['replay', 'interaction'] as const) {
        const body = pack(channel, texts)
        const halves = splitBody(body)
        expect(halves.map((half) => eventsOf(half).length)).toEqual([
          Math.floor(count / 2),
          Math.ceil(count / 2),
        ])
        const inside = (text: string) => text.slice('{"version":1,"events":['.length, -2)
        expect(halves.map((half) => inside(textOf(half))).join(',')).toBe(inside(textOf(body)))
      }
    }
  })

  it('gives the same bytes each time', () => {
    const body = pack('replay', ['{"type":4}', '{"type":2}', '{"type":3}'])
    expect(splitBody(body)).toEqual(splitBody(body))
  })

  it('gives back a body of one event', () => {
    const body = pack('replay', ['{"type":4}'])
    expect(splitBody(body)).toEqual([body])
  })

  it('throws on what is no body', () => {
    expect(() => splitBody(Uint8Array.of(1, 2, 3))).toThrow()
  })
})

describe('createBodyStream', () => {
  it('writes the envelope of the protocol around escaped events', () => {
    expect(textOf(pack('replay', ['{"type":4,"data":"ä"}', '{"type":2}']))).toBe(
      '{"version":1,"events":["{\\"type\\":4,\\"data\\":\\"ä\\"}","{\\"type\\":2}"]}',
    )
    expect(textOf(pack('interaction', ['{"type":"click"}']))).toBe(
      '{"version":1,"events":[{"type":"click"}]}',
    )
  })
})
