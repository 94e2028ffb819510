import type { ReplayDetail } from '../api.ts'
import { h } from './element.ts'
import { formatBytes, formatTime } from './format.ts'

/** Every request of this session, and the analytics events that belong to it. */
export function deliveryPanel(replay: ReplayDetail): HTMLElement {
  const replayId = `${replay.deviceId}/${replay.sessionId}`
  return h(
    'div',
    { class: 'delivery' },
    h('h3', {}, 'Uploads'),
    table(
      ['', 'arrived', 'events', 'sent', 'of'],
      replay.requests.map(({ channel, via, receivedAt, events, bodyBytes, rawBytes }) => [
        h('span', { class: `tag tag-${channel}` }, via === 'beacon' ? 'beacon' : channel),
        formatTime(receivedAt),
        String(events),
        formatBytes(bodyBytes),
        formatBytes(rawBytes),
      ]),
    ),
    replay.refused.length > 0 && [
      h('h3', {}, 'Not accepted'),
      table(
        ['when', 'why'],
        replay.refused.map(({ at, why }) => [formatTime(at), why]),
      ),
    ],
    h('h3', {}, 'Analytics events'),
    replay.analytics.length === 0
      ? h('p', { class: 'note' }, 'None yet. Give the Browser SDK serverUrl to see them here.')
      : table(
          ['', 'when', 'event'],
          replay.analytics.map((event) => [
            event.replayId === replayId
              ? h('span', { class: 'tag tag-tagged', title: 'Carries this replay’s id' }, 'tagged')
              : h('span', { class: 'tag', title: event.replayId ?? 'Carries no replay id' }, '–'),
            formatTime(event.at),
            h('span', { title: JSON.stringify(event.properties, null, 2) }, event.type),
          ]),
        ),
  )
}

function table(head: string[], rows: (string | HTMLElement)[][]): HTMLElement {
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head.map((name) => h('th', {}, name)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((cells) =>
        h(
          'tr',
          {},
          cells.map((cell) => h('td', {}, cell)),
        ),
      ),
    ),
  )
}
