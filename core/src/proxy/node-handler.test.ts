import { Agent, createServer, type RequestListener, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReplayProxy, type ReplayProxyOptions, toNodeHandler } from '../proxy.ts'

const TRACK = '/replay/track?device_id=d&session_id=7&type=replay'

let server: Server
const sent: { url: string; body: Buffer }[] = []
let forwarding: Promise<void>[] = []
const rejections: unknown[] = []
const onRejection = (cause: unknown) => rejections.push(cause)

/** A Node server with the proxy in it, in front of an Amplitude that accepts everything. */
async function serve(options: ReplayProxyOptions = {}, before?: RequestListener): Promise<string> {
  const forward = toNodeHandler(
    createReplayProxy({
      ...options,
      fetch: async (url, { body }) => {
        sent.push({ url, body: Buffer.from((body ?? new ArrayBuffer(0)) as ArrayBuffer) })
        return new Response('{"code":200}', { headers: { 'retry-after': '7' } })
      },
    }),
  )
  server = createServer(async (incoming, outgoing) => {
    await before?.(incoming, outgoing)
    forwarding.push(forward(incoming, outgoing))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const post = (origin: string, body: BodyInit, path = TRACK) =>
  fetch(origin + path, { method: 'POST', headers: { authorization: 'Bearer KEY' }, body })

/** What a server answers to bytes that no client of good manners sends. */
function ask(origin: string, text: string): Promise<string> {
  return new Promise((done, fail) => {
    let answer = ''
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.end(text))
    socket.on('data', (piece) => {
      answer += piece
    })
    socket.on('close', () => done(answer))
    socket.on('error', fail)
  })
}

beforeEach(() => {
  sent.length = 0
  forwarding = []
  rejections.length = 0
  process.on('unhandledRejection', onRejection)
})
afterEach(async () => {
  process.off('unhandledRejection', onRejection)
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  expect(rejections).toEqual([])
})

describe('the proxy behind node:http', () => {
  it('forwards uploads byte for byte, questions for settings, and the answers', async () => {
    const origin = await serve()
    const body = new Uint8Array(300_000).map((_, index) => index)
    const answer = await post(origin, body)
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
      200,
      '7',
      '{"code":200}',
    ])
    expect((await fetch(`${origin}/replay/config/KEY?config_group=browser`)).status).toBe(200)
    expect(sent.map(({ url }) => url)).toEqual([
      'https://api-sr.amplitude.com/sessions/v2/track?device_id=d&session_id=7&type=replay',
      'https://sr-client-cfg.amplitude.com/config/KEY?config_group=browser',
    ])
    expect(sent[0]?.body.equals(body)).toBe(true)
  })

  it.each([
    ['told', new Uint8Array(3_000_000)],
    ['not told', new Blob([new Uint8Array(3_000_000)]).stream()],
  ])('keeps no more of a body than it may, and the client sees 413: size %s', async (_, body) => {
    const origin = await serve({ maxBodyBytes: 5000 })
    const init = { method: 'POST', headers: { authorization: 'Bearer KEY' }, body, duplex: 'half' }
    const answer = await fetch(origin + TRACK, init as RequestInit)
    expect([answer.status, await answer.text()]).toEqual([413, 'Payload size exceeded'])
    expect(sent).toEqual([])
  })

  it.each([
    ['too large', TRACK, 413],
    ['without a key', '/replay/track?device_id=d', 401],
    ['at another address', '/replay/other', 404],
  ])('reads a refused body to its end, so that the connection can go on: %s', async (_, path, status) => {
    const origin = await serve({ maxBodyBytes: 5000 })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    const send = (to: string, method: string, body: Uint8Array, headers = {}) =>
      new Promise<number | undefined>((done, fail) => {
        const sending = request(origin + to, { method, agent, headers }, (answer) => {
          ports.add(sending.socket?.localPort)
          answer.resume().on('end', () => done(answer.statusCode))
        })
        sending.on('error', fail).end(body)
      })
    const authorization = status === 413 ? { authorization: 'Bearer KEY' } : {}
    expect(await send(path, 'POST', new Uint8Array(8_000_000), authorization)).toBe(status)
    expect(await send('/replay/config/KEY', 'GET', new Uint8Array())).toBe(200)
    expect(ports.size).toBe(1)
    agent.destroy()
  })

  it('forwards nothing of a client that goes away, and serves the next one', async () => {
    const arrived = vi.fn()
    const origin = await serve({}, (incoming) => void incoming.once('readable', arrived))
    const gone = request(origin + TRACK, {
      method: 'POST',
      headers: { authorization: 'Bearer KEY', 'content-length': 1000 },
    })
    gone.on('error', () => {})
    gone.write('half')
    await vi.waitFor(() => expect(arrived).toHaveBeenCalled())
    gone.destroy()
    expect((await post(origin, 'whole')).status).toBe(200)
    await Promise.all(forwarding)
    expect(sent.map(({ body }) => body.toString())).toEqual(['whole'])
  })

  it.each([
    ['an address that is none', 'GET //', 404],
    ['an address with two slashes', 'GET /replay//', 404],
    ['a whole address', 'GET http://shop.test/replay/config/KEY', 200],
    ['a method that no Request has', `TRACE ${TRACK}`, 405],
    ['another method', `PUT ${TRACK}`, 405],
  ])('answers %s', async (_, line, status) => {
    const origin = await serve()
    const answer = await ask(origin, `${line} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('says so when a body parser came first, and keeps the recording', async () => {
    const origin = await serve({}, async (incoming) => {
      for await (const _ of incoming);
    })
    const answer = await post(origin, 'read before')
    expect([answer.status, await answer.text()]).toEqual([
      502,
      'The body was read before the proxy: mount it before any body parser',
    ])
    expect(sent).toEqual([])
  })

  it('closes the connection when the handler fails', async () => {
    server = createServer(toNodeHandler(() => Promise.reject(new Error('broken'))))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    await expect(fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).rejects.toThrow()
  })
})
