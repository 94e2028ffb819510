import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomFrom, randomJson } from '../../test/support/random.ts'
import { closeStream, concat, createGzipStream, STREAM_START } from './gzip.ts'

const unzip = (...pieces: Uint8Array[]): string => gunzipSync(concat(pieces)).toString('utf8')

describe('createGzipStream', () => {
  it('gives a valid gzip file wherever it is cut, closed and carried on', () => {
    for (let seed = 1; seed <= 120; seed++) {
      const random = randomFrom(seed)
      const pieces: Uint8Array[] = []
      let text = ''
      let stream = createGzipStream()
      for (let step = random(20); step >= 0; step--) {
        const part = randomJson(random, random(10) === 0 ? 150_000 : 5000)
        stream.push(part)
        text += part
        if (random(3) > 0) continue
        const piece = stream.flush()
        pieces.push(piece.bytes)
        expect(unzip(...pieces, closeStream(piece, ''))).toBe(text)
        if (random(4) === 0) stream = createGzipStream(piece)
      }
      const tail = random(2) ? ']}' : randomJson(random, 100_000)
      const last = stream.flush()
      expect(unzip(...pieces, last.bytes, closeStream(last, tail)), `seed ${seed}`).toBe(text + tail)
    }
  }, 60_000)

  it('counts bytes, not characters, and tells their CRC', () => {
    const stream = createGzipStream()
    const text = 'ä€😀 '.repeat(30_000)
    stream.push(text)
    const bytes = Buffer.from(text)
    const { crc, rawBytes } = stream.flush()
    expect(rawBytes).toBe(bytes.length)
    // The trailer of a zlib file tells it too; zlib.crc32 is younger than the oldest Node we support.
    expect(crc).toBe(gzipSync(bytes).readUInt32LE(gzipSync(bytes).length - 8))
  })

  it('gives no bytes for nothing new', () => {
    const stream = createGzipStream()
    expect(stream.flush()).toEqual({ bytes: new Uint8Array(0), ...STREAM_START })
    stream.push('a')
    const { crc, rawBytes } = stream.flush()
    expect(stream.flush()).toEqual({ bytes: new Uint8Array(0), crc, rawBytes })
  })

  it('keeps its window across flushes: a repeated text costs a few bytes', () => {
    const text = randomJson(randomFrom(7), 20_000)
    const stream = createGzipStream()
    stream.push(text)
    const first = stream.flush().bytes.length
    stream.push(text)
    expect(stream.flush().bytes.length).toBeLessThan(first / 10)
  })

  it('is within 8 % of zlib although it is flushed 20 times', () => {
    const random = randomFrom(3)
    const stream = createGzipStream()
    let text = ''
    let bytes = 0
    for (let round = 0; round < 20; round++) {
      const part = randomJson(random, 30_000)
      text += part
      stream.push(part)
      bytes += stream.flush().bytes.length
    }
    expect(bytes / gzipSync(text).length).toBeLessThan(1.08)
  })
})

describe('closeStream', () => {
  it('makes a whole file when nothing came before', () => {
    for (const tail of ['', ']}', 'x'.repeat(64), 'x'.repeat(65), randomJson(randomFrom(1), 300_000)]) {
      expect(unzip(closeStream(STREAM_START, tail))).toBe(tail)
    }
  })

  it('costs 15 bytes for the end of a body', () => {
    expect(closeStream({ crc: 1, rawBytes: 1 }, ']}').length).toBe(15)
  })

  it('gives the same bytes for the same input', () => {
    const tail = randomJson(randomFrom(5), 50_000)
    expect(closeStream({ crc: 5, rawBytes: 9 }, tail)).toEqual(closeStream({ crc: 5, rawBytes: 9 }, tail))
  })
})
