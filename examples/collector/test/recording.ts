import { gzipSync } from 'node:zlib'
import type { ReplayEvent } from '../api.ts'

/** A small recorded visit: a page with readable, masked and blocked parts, a pause, a second page. */
export function recordedVisit(startedAt: number): ReplayEvent[] {
  return [
    { type: 4, timestamp: startedAt, data: { href: 'http://127.0.0.1:4401/', width: 1024, height: 640 } },
    {
      type: 2,
      timestamp: startedAt + 20,
      data: { node: page('Monstera'), initialOffset: { left: 0, top: 0 } },
    },
    {
      type: 3,
      timestamp: startedAt + 900,
      data: { source: 1, positions: [{ x: 300, y: 200, id: 8, timeOffset: -300 }] },
    },
    { type: 3, timestamp: startedAt + 1200, data: { source: 2, type: 2, id: 8, x: 300, y: 200 } },
    {
      type: 3,
      timestamp: startedAt + 1500,
      data: {
        source: 0,
        texts: [],
        attributes: [],
        removes: [],
        // As rrweb records them: every node on its own, children after their parents.
        adds: [
          {
            parentId: 6,
            nextId: null,
            node: { type: 2, id: 30, tagName: 'p', attributes: { class: 'note' }, childNodes: [] },
          },
          { parentId: 30, nextId: null, node: { type: 3, id: 31, textContent: 'Added to your basket' } },
        ],
      },
    },
    {
      type: 6,
      timestamp: startedAt + 2500,
      data: {
        plugin: 'amplitude/url-tracking@1',
        payload: { href: 'http://127.0.0.1:4401/#/basket', title: 'Basket', type: 'url-change-event' },
      },
    },
    {
      type: 4,
      timestamp: startedAt + 9000,
      data: { href: 'http://127.0.0.1:4401/#/thanks', width: 1024, height: 640 },
    },
    {
      type: 2,
      timestamp: startedAt + 9020,
      data: { node: page('Thank you'), initialOffset: { left: 0, top: 0 } },
    },
    {
      type: 3,
      timestamp: startedAt + 11_000,
      data: { source: 2, type: 2, id: 8, x: 120, y: 300 },
    },
  ]
}

export const replayBody = (events: ReplayEvent[], version = 1): string =>
  JSON.stringify({ version, events: events.map((event) => JSON.stringify(event)) })

/** A request as the recorder makes it while the page lives. */
export function uploadRequest(
  base: string,
  { deviceId, sessionId, events }: { deviceId: string; sessionId: string | number; events: ReplayEvent[] },
): Request {
  const query = new URLSearchParams({ device_id: deviceId, session_id: String(sessionId), type: 'replay' })
  return new Request(`${base}/sessions/v2/track?${query}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: '*/*',
      authorization: 'Bearer KEY',
      'x-client-version': '1.51.6',
      'x-client-library': 'plugin/1.35.2',
      'x-client-url': 'http://127.0.0.1:4401/',
      'x-client-sample-rate': '1',
      'x-sampling-hash-alg': 'xxhash32',
      'content-encoding': 'gzip',
    },
    body: new Uint8Array(gzipSync(replayBody(events))),
  })
}

const CSS = `body{margin:0;font:16px system-ui;color:#1c2b22;background:#f6f8f5}header{padding:18px 32px;background:#1f5c3d;color:#fff;font-weight:600}
main{padding:32px;max-width:760px}h1{font-size:34px;margin:0 0 8px}.card{display:flex;gap:16px;align-items:center;background:#fff;border-radius:12px;padding:20px;margin:16px 0;box-shadow:0 1px 4px #0002}
button{background:#1f5c3d;color:#fff;border:0;border-radius:8px;padding:10px 18px;font:inherit}input{font:inherit;padding:8px;border:1px solid #bbb;border-radius:6px}.note{color:#1f5c3d;font-weight:600}`

function page(title: string): unknown {
  let id = 1
  const element = (tagName: string, attributes: Record<string, unknown>, ...childNodes: unknown[]) => ({
    type: 2,
    id: id++,
    tagName,
    attributes,
    childNodes,
  })
  const text = (textContent: string) => ({ type: 3, id: id++, textContent })
  // Ids that the incremental events name are given by hand: 6 is the main part, 8 the button.
  const button = { ...element('button', { class: 'buy' }, text('Add to basket')), id: 8 }
  id = 100
  const main = {
    ...element(
      'main',
      {},
      element('h1', {}, text(title)),
      element('p', {}, text('A calm corner for every home. Ships in two days.')),
      element('div', { class: 'card' }, element('span', {}, text('24,90 €')), button),
      element('div', { class: 'card amp-mask' }, element('span', {}, text('**** ********'))),
      element('div', { class: 'card' }, element('input', { type: 'email', value: '****************' })),
      element('div', { class: 'amp-block', rr_width: '320px', rr_height: '80px' }),
    ),
    id: 6,
  }
  return {
    type: 0,
    id: id++,
    childNodes: [
      { type: 1, id: id++, name: 'html', publicId: '', systemId: '' },
      element(
        'html',
        { lang: 'en' },
        element('head', {}, element('style', {}, text(CSS))),
        element('body', {}, element('header', {}, text('Leaf & Pot')), main),
      ),
    ],
  }
}
