import { deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeUpload, unpackBody } from './decode.ts'

const event = { type: 4, timestamp: 1, data: { href: 'https://shop.example/é', width: 1, height: 1 } }
const body = JSON.stringify({ version: 1, events: [JSON.stringify(event)] })
const bytes = new TextEncoder().encode(body)

test('reads a plain upload', async () => {
  expect(await decodeUpload(bytes)).toEqual({
    version: 1,
    channel: 'replay',
    events: [event],
    rawBytes: bytes.byteLength,
    text: body,
  })
})

test('reads a gzipped upload, told so or not', async () => {
  const gzipped = new Uint8Array(gzipSync(bytes))
  expect((await decodeUpload(gzipped, 'gzip')).events).toEqual([event])
  expect((await decodeUpload(gzipped)).rawBytes).toBe(bytes.byteLength)
  expect((await decodeUpload(gzipped.buffer.slice(0))).events).toEqual([event])
})

test('reads interaction events, which are objects', async () => {
  const click = { x: 1, y: 2, type: 'click', timestamp: 5, count: 1 }
  const upload = await decodeUpload(new TextEncoder().encode(JSON.stringify({ version: 1, events: [click] })))
  expect(upload).toMatchObject({ channel: 'interaction', events: [click] })
})

test('reads events as recorders before 1.36 packed them', async () => {
  const packed = deflateSync(JSON.stringify({ ...event, v: 'v1' })).toString('latin1')
  const old = JSON.stringify({ version: 1, events: [JSON.stringify(packed)] })
  expect((await decodeUpload(new TextEncoder().encode(old))).events).toEqual([event])
})

/** As recorders before 1.36 packed an event, of so many bytes. */
const packedElement = (bytes: number) =>
  JSON.stringify(
    deflateSync(JSON.stringify({ ...event, data: { tag: 'x'.repeat(bytes) } })).toString('latin1'),
  )
const uploadOf = (elements: string[]) =>
  new Uint8Array(gzipSync(JSON.stringify({ version: 1, events: elements })))

test('unpacks no more than 100 MB of one upload, however its bytes are spread over events', async () => {
  const element = packedElement(30_000_000)
  const decode = async (count: number) =>
    (await decodeUpload(uploadOf(Array(count).fill(element)))).events.length
  expect(await decode(3)).toBe(3)
  await expect(decode(4)).rejects.toThrow('more than 100 MB')
})

test('unpacks no body of more than 100 MB', async () => {
  const zeros = new Uint8Array(gzipSync(new Uint8Array(100_000_001), { level: 1 }))
  const unpacked = unpackBody(zeros).then(({ byteLength }) => byteLength)
  await expect(unpacked).rejects.toThrow('more than 100 MB')
})

test.each([
  ['text', 'hello'],
  ['another object', '{"events":[]}'],
  ['mixed events', '{"version":1,"events":["{}",{}]}'],
])('rejects %s', async (_, text) => {
  await expect(decodeUpload(new TextEncoder().encode(text))).rejects.toThrow()
})

test('rejects a gzip stream that was cut', async () => {
  await expect(unpackBody(new Uint8Array(gzipSync(bytes)).slice(0, -12))).rejects.toThrow()
})
