import type { ReplayEvent } from '../api.ts'
import { nameOf } from '../event-names.ts'
import { h, replace } from './element.ts'
import { formatClock } from './format.ts'

/** More rows than this make a page slow and nobody reads them; the filter finds the rest. */
const MOST_ROWS = 400

export interface EventsPanel {
  readonly element: HTMLElement
  draw(events: readonly ReplayEvent[]): void
}

/** Every event as it was recorded: filter by any word in it, open one to read it, click its time to go there. */
export function createEventsPanel(onSeek: (time: number) => void): EventsPanel {
  let all: readonly ReplayEvent[] = []
  const filter = h('input', {
    type: 'search',
    placeholder: 'Filter by any word',
    'aria-label': 'Filter events',
    oninput: () => drawRows(),
  })
  const note = h('p', { class: 'note' })
  const rows = h('ol', { class: 'events' })

  const drawRows = (): void => {
    const wanted = filter.value.trim().toLowerCase()
    const startedAt = all[0]?.timestamp ?? 0
    const found = all.filter(
      (event) => !wanted || `${nameOf(event)} ${JSON.stringify(event)}`.toLowerCase().includes(wanted),
    )
    note.textContent =
      found.length > MOST_ROWS
        ? `The first ${MOST_ROWS} of ${found.length.toLocaleString('en')} events`
        : `${found.length} events`
    replace(
      rows,
      found.slice(0, MOST_ROWS).map((event) => row(event, event.timestamp - startedAt, onSeek)),
    )
  }
  return {
    element: h('div', { class: 'panel-events' }, filter, note, rows),
    draw(events) {
      all = events
      drawRows()
    },
  }
}

function row(event: ReplayEvent, time: number, onSeek: (time: number) => void): HTMLElement {
  // The first two events of a page may come without data.
  const text = JSON.stringify(event.data ?? {})
  const details = h(
    'details',
    {
      ontoggle: () => {
        // Only what is opened is laid out: a snapshot can have megabytes.
        if (details.open && details.childElementCount === 1) {
          details.append(h('pre', {}, JSON.stringify(event, null, 2).slice(0, 100_000)))
        }
      },
    },
    h('summary', {}, h('b', {}, nameOf(event)), h('span', {}, text.slice(0, 90))),
  )
  return h('li', {}, h('button', { class: 'link', onclick: () => onSeek(time) }, formatClock(time)), details)
}
