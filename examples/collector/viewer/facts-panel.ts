import type { ReplayDetail } from '../api.ts'
import { h } from './element.ts'
import { formatBytes, formatClock, formatSpan, formatTime, shortUrl } from './format.ts'

type Row = [label: string, value: string | number | HTMLElement | null]

/** What is known of a replay, in a few groups of plain numbers. */
export function factsPanel(replay: ReplayDetail, onSeek: (time: number) => void): HTMLElement {
  const { content, startedAt, endedAt } = replay
  const ratio = replay.bodyBytes ? replay.rawBytes / replay.bodyBytes : 0
  const pausedMs = content.pauses.reduce((sum, { from, to }) => sum + to - from, 0)
  const jump = (at: number, text: string): HTMLElement =>
    h('button', { class: 'link', onclick: () => onSeek(at - (startedAt ?? at)) }, text)

  return h(
    'div',
    { class: 'facts' },
    h(
      'div',
      { class: 'tiles' },
      tile(replay.events.toLocaleString('en'), 'events'),
      tile(formatBytes(replay.bodyBytes), ratio > 1 ? `sent, of ${formatBytes(replay.rawBytes)}` : 'sent'),
      tile(String(content.masked), 'masked texts', 'masked'),
      tile(String(content.blocked), 'blocked elements', 'blocked'),
    ),
    group('Session', [
      ['Device', copyable(replay.deviceId)],
      ['Session', copyable(replay.sessionId)],
      ['User', replay.userId],
      [
        'Began',
        startedAt === null ? null : `${new Date(startedAt).toLocaleDateString()} ${formatTime(startedAt)}`,
      ],
      ['Lasted', startedAt === null || endedAt === null ? null : formatSpan(endedAt - startedAt)],
      ['Recorder', replay.library || null],
      ['Sample rate', replay.sampleRate || null],
    ]),
    group('Delivery', [
      ['Requests', replay.uploads],
      ['Compressed', ratio > 1 ? `to ${(100 / ratio).toFixed(ratio > 20 ? 1 : 0)} %` : null],
      ['On disk', formatBytes(replay.diskBytes)],
      ['Repeated', replay.duplicates || null],
      ['Refused', replay.refusals ? h('span', { class: 'bad' }, String(replay.refusals)) : null],
    ]),
    group('Recording', [
      ['Snapshots', content.snapshots],
      ['Clicks', content.clicks],
      ['Console', content.consoleMessages || null],
      ['Network', content.networkRequests || null],
      ['Readable texts', content.readable],
      ['Paused', content.pauses.length ? `${content.pauses.length} × (${formatSpan(pausedMs)})` : null],
      [
        'Analytics',
        replay.analyticsEvents ? `${replay.taggedEvents} of ${replay.analyticsEvents} tagged` : null,
      ],
    ]),
    content.pauses.length > 0 &&
      section(
        'Pauses',
        content.pauses.map(({ from, to }) =>
          h(
            'li',
            {},
            jump(from, formatClock(from - (startedAt ?? from))),
            h('span', {}, `nothing recorded for ${formatSpan(to - from)}`),
          ),
        ),
      ),
    content.pages.length > 0 &&
      section(
        'Pages',
        content.pages.map(({ at, url }) =>
          h(
            'li',
            { title: url },
            jump(at, formatClock(at - (startedAt ?? at))),
            h('span', {}, shortUrl(url)),
          ),
        ),
      ),
    section(
      'Events by kind',
      Object.entries(content.kinds)
        .sort(([, a], [, b]) => b - a)
        .map(([kind, count]) =>
          h(
            'li',
            { class: 'bar-row' },
            h('span', {}, kind),
            h('i', { style: `width:${Math.max(2, (count / Math.max(1, replay.events)) * 100)}%` }),
            h('b', {}, count.toLocaleString('en')),
          ),
        ),
    ),
  )
}

function tile(value: string, label: string, tone = ''): HTMLElement {
  return h('div', { class: `tile ${tone && `tile-${tone}`}` }, h('b', {}, value), h('span', {}, label))
}

function group(title: string, rows: Row[]): HTMLElement {
  return h(
    'section',
    { class: 'group' },
    h('h3', {}, title),
    h(
      'dl',
      {},
      rows
        .filter(([, value]) => value !== null)
        .flatMap(([label, value]) => [h('dt', {}, label), h('dd', {}, value)]),
    ),
  )
}

function section(title: string, items: HTMLElement[]): HTMLElement {
  return h('section', { class: 'group' }, h('h3', {}, title), h('ul', {}, items))
}

function copyable(text: string): HTMLElement {
  return h('code', { class: 'copyable', title: text }, text)
}
