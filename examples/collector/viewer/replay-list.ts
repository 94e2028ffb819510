import type { ReplaySummary } from '../api.ts'
import { h, replace } from './element.ts'
import { formatAgo, formatBytes, formatCount, formatSpan, shortId, shortUrl } from './format.ts'

/** Something that arrived this recently, and happened not long before, means: the session is still running. */
const LIVE_FOR_MS = 20_000
const LATE_BY_MS = 60_000

export function isLive({ receivedAt, endedAt }: ReplaySummary, now = Date.now()): boolean {
  const isLate = endedAt !== null && receivedAt - endedAt > LATE_BY_MS
  return now - receivedAt < LIVE_FOR_MS && !isLate
}

export interface ReplayList {
  readonly element: HTMLElement
  draw(replays: readonly ReplaySummary[], openKey: string | null): void
}

/** The column on the left: all replays, the newest on top. */
export function createReplayList(onRemoveAll: () => void): ReplayList {
  const count = h('span', { class: 'count' })
  const items = h('nav', { class: 'list-items', 'aria-label': 'Replays' })
  const clear = h('button', { class: 'quiet', onclick: onRemoveAll, title: 'Delete all replays' }, 'Clear')
  const element = h(
    'aside',
    { class: 'list' },
    h('header', { class: 'list-head' }, h('h2', {}, 'Replays'), count, h('span', { class: 'grow' }), clear),
    items,
  )
  return {
    element,
    draw(replays, openKey) {
      count.textContent = String(replays.length)
      clear.hidden = replays.length === 0
      replace(
        items,
        replays.length === 0 &&
          h('p', { class: 'list-empty' }, 'Nothing yet. A replay appears here with its first upload.'),
        replays.map((replay) => item(replay, replay.key === openKey)),
      )
    },
  }
}

function item(replay: ReplaySummary, open: boolean): HTMLElement {
  const { startedAt, endedAt, events, bodyBytes } = replay
  const recorded = events > 0 && startedAt !== null && endedAt !== null
  return h(
    'a',
    {
      class: `item${open ? ' item-open' : ''}${recorded ? '' : ' item-empty'}`,
      href: `#/replay/${replay.key}`,
      'aria-current': open ? 'page' : null,
    },
    h(
      'span',
      { class: 'item-title' },
      isLive(replay) && h('i', { class: 'live-dot', title: 'Still arriving' }),
      h('b', {}, replay.userId ?? shortId(replay.deviceId)),
      h('time', {}, formatAgo(replay.receivedAt)),
    ),
    h(
      'span',
      { class: 'item-url' },
      replay.pageUrl ? shortUrl(replay.pageUrl, 40) : `session ${shortId(replay.sessionId)}`,
    ),
    h(
      'span',
      { class: 'item-facts' },
      recorded
        ? [
            h('span', {}, formatSpan(endedAt - startedAt)),
            h('span', {}, formatCount(events, 'event')),
            h('span', {}, formatBytes(bodyBytes)),
          ]
        : h('span', {}, replay.interactions ? 'interactions only' : 'not recorded'),
      replay.refusals > 0 && h('span', { class: 'bad' }, `${replay.refusals} refused`),
    ),
  )
}
