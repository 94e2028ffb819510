import type { ReplayEvent } from '../api.ts'
import { h, replace } from './element.ts'
import { formatClock, formatSpan, shortUrl } from './format.ts'
import { type Marker, readActivity } from './markers.ts'

const BINS = 120

export interface Timeline {
  readonly element: HTMLElement
  /** Draws again what the events say. */
  draw(content: TimelineContent): void
  /** Moves the playhead. */
  move(time: number): void
}

export interface TimelineContent {
  events: readonly ReplayEvent[]
  markers: readonly Marker[]
  pauses: readonly { from: number; to: number }[]
}

/** The bar under the stage: activity, markers, pauses, playhead. A range input makes it work by keyboard. */
export function createTimeline(onSeek: (time: number) => void): Timeline {
  let startedAt = 0
  let duration = 1

  const activity = h('div', { class: 'timeline-activity' })
  const played = h('div', { class: 'timeline-played' })
  const gaps = h('div', { class: 'timeline-gaps' })
  const points = h('div', { class: 'timeline-markers' })
  const bubble = h('div', { class: 'timeline-bubble' })
  const range = h('input', {
    type: 'range',
    min: '0',
    max: '1000',
    step: 'any',
    value: '0',
    class: 'timeline-range',
    'aria-label': 'Position in the replay',
    oninput: () => onSeek(Number(range.value)),
    onkeydown: (event: KeyboardEvent) => {
      const step = { ArrowLeft: -5000, ArrowRight: 5000 }[event.key]
      if (step === undefined) return
      event.preventDefault()
      onSeek(Number(range.value) + step)
    },
    onpointermove: (event: PointerEvent) => {
      const box = range.getBoundingClientRect()
      const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
      bubble.textContent = formatClock(part * duration)
      bubble.style.left = `${part * 100}%`
    },
  })
  const element = h('div', { class: 'timeline' }, activity, played, gaps, range, points, bubble)
  const left = (at: number): string => `${(Math.max(0, at - startedAt) / duration) * 100}%`

  return {
    element,
    draw({ events, markers, pauses }) {
      startedAt = events[0]?.timestamp ?? 0
      duration = Math.max(1, (events.at(-1)?.timestamp ?? 0) - startedAt)
      range.max = String(duration)
      replace(
        activity,
        readActivity(events, startedAt, startedAt + duration, BINS).map((level) =>
          h('i', { style: `height:${level ? Math.max(8, level * 100) : 0}%` }),
        ),
      )
      replace(
        gaps,
        pauses.map(({ from, to }) =>
          h('div', {
            class: 'timeline-gap',
            style: `left:${left(from)};width:${((to - from) / duration) * 100}%`,
            title: `Not recorded for ${formatSpan(to - from)}`,
          }),
        ),
      )
      replace(
        points,
        markers.map(({ kind, at, label }) =>
          h('button', {
            class: `marker marker-${kind}`,
            style: `left:${left(at)}`,
            title: `${formatClock(at - startedAt)}  ${kind === 'page' ? shortUrl(label) : label}`,
            tabIndex: -1,
            onclick: () => onSeek(at - startedAt),
          }),
        ),
      )
    },
    move(time) {
      range.value = String(time)
      range.setAttribute('aria-valuetext', `${formatClock(time)} of ${formatClock(duration)}`)
      played.style.width = `${(time / duration) * 100}%`
    },
  }
}
