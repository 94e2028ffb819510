import type { ReplayDetail, ReplayEvent, ReplaySummary } from '../api.ts'
import { readEvents, readReplay, removeReplay } from './api-client.ts'
import { deliveryPanel } from './delivery-panel.ts'
import { h, icon, replace } from './element.ts'
import { createEventsPanel } from './events-panel.ts'
import { factsPanel } from './facts-panel.ts'
import { formatClock, formatSpan, shortId } from './format.ts'
import { startLens } from './lens.ts'
import { type Marker, pageAt, readMarkers } from './markers.ts'
import { readPolicy } from './node-privacy.ts'
import { createPlayer, type Player, type PlayerState } from './player.ts'
import { isLive } from './replay-list.ts'
import { createTimeline } from './timeline.ts'

const SPEEDS = [0.5, 1, 2, 4, 8]
/** Where watching a running session begins: this long before the newest event. */
const LIVE_LEAD_MS = 5000

export interface ReplayView {
  readonly element: HTMLElement
  /** The replay grew: fetch and show what is new. */
  grow(summary: ReplaySummary): void
  destroy(): void
}

/**
 * One replay: stage, controls and timeline, and the panel with its facts.
 * A running session grows under the viewer's eyes; with `live` on, playing goes on whenever more arrives.
 */
export async function openReplayView(key: string, makePlayer = createPlayer): Promise<ReplayView> {
  let [detail, { events, cursor }] = await Promise.all([readReplay(key), readEvents(key)])
  let player: Player | null = null
  let markers: Marker[] = []
  let live = isLive(detail)
  let stopLens: (() => void) | null = null
  let growing: Promise<void> = Promise.resolve()
  let tab: 'facts' | 'events' | 'delivery' = 'facts'
  let destroyed = false
  let noticeTimer: ReturnType<typeof setTimeout> | undefined

  const seek = (time: number): void => player?.seek(time)
  const timeline = createTimeline((time) => {
    setLive(false)
    seek(time)
  })
  const eventsPanel = createEventsPanel(seek)
  const address = h('span', { class: 'address' })
  const stage = h('div', { class: 'stage' })
  const notice = h('div', { class: 'notice', role: 'status', hidden: true })
  const clock = h('span', { class: 'clock' })
  const playButton = h('button', { class: 'play', onclick: () => togglePlay() })
  const liveButton = h(
    'button',
    { class: 'chip chip-live', onclick: () => setLive(!live) },
    h('i', { class: 'live-dot' }),
    'Live',
  )
  const speedSelect = h(
    'select',
    { class: 'speed', 'aria-label': 'Speed', onchange: () => player?.setSpeed(Number(speedSelect.value)) },
    SPEEDS.map((speed) => h('option', { value: String(speed), selected: speed === 1 }, `${speed}×`)),
  )
  const skipButton = chip('skip', 'Skip idle', 'Play faster while nothing happens', true, (on) =>
    player?.setSkipInactive(on),
  )
  const lensButton = chip('lens', 'Privacy lens', 'Show what was masked or blocked, and why', false, (on) =>
    setLens(on),
  )
  const panel = h('div', { class: 'panel-body' })
  const tabs = h('div', { class: 'tabs', role: 'tablist' })
  const title = h('div', { class: 'replay-title' })

  const element = h(
    'main',
    { class: 'replay' },
    h(
      'section',
      { class: 'watch' },
      h('header', { class: 'watch-head' }, title),
      h(
        'div',
        { class: 'browser' },
        h('div', { class: 'browser-bar' }, h('i'), h('i'), h('i'), address),
        stage,
        notice,
      ),
      h(
        'footer',
        { class: 'controls' },
        timeline.element,
        h(
          'div',
          { class: 'buttons' },
          playButton,
          clock,
          h('span', { class: 'grow' }),
          liveButton,
          lensButton,
          skipButton,
          speedSelect,
        ),
      ),
    ),
    h('aside', { class: 'panel' }, tabs, panel),
  )

  function onPlayer(state: PlayerState): void {
    timeline.move(state.time)
    clock.textContent = `${formatClock(state.time)} / ${formatClock(state.duration)}`
    replace(playButton, icon(state.playing ? 'pause' : 'play'))
    playButton.setAttribute('aria-label', state.playing ? 'Pause' : 'Play')
    address.textContent = pageAt(markers, (events[0]?.timestamp ?? 0) + state.time)
  }

  function togglePlay(): void {
    if (!player) return
    if (player.state().playing) {
      setLive(false)
      player.pause()
    } else player.play()
  }

  function setLive(on: boolean): void {
    live = on
    liveButton.classList.toggle('chip-on', live)
    liveButton.setAttribute('aria-pressed', String(live))
    if (!live || !player) return
    const { playing, duration } = player.state()
    player.seek(Math.max(0, duration - LIVE_LEAD_MS))
    if (!playing) player.play()
  }

  function setLens(on: boolean): void {
    stopLens?.()
    const current = player
    stopLens =
      on && current
        ? startLens({
            stage,
            frame: () => current.replayer.iframe,
            mirror: () => current.replayer.getMirror(),
            scale: current.scale,
            policy: () => readPolicy(events),
          })
        : null
  }

  function tell(text: string): void {
    notice.textContent = text
    notice.hidden = false
    clearTimeout(noticeTimer)
    noticeTimer = setTimeout(() => {
      notice.hidden = true
    }, 2500)
  }

  function buildPlayer(at: number): void {
    const wasOn = stopLens !== null
    setLens(false)
    player?.destroy()
    player = null
    replace(stage)
    if (!events.some(({ type }) => type === 2)) {
      replace(stage, h('p', { class: 'stage-empty' }, emptyReason(detail)))
      return
    }
    player = makePlayer({
      stage,
      events,
      pauses: () => detail.content.pauses,
      onChange: onPlayer,
      onPauseSkipped: (ms) => tell(`Recording was paused for ${formatSpan(ms)}`),
    })
    player.setSpeed(Number(speedSelect.value))
    player.setSkipInactive(skipButton.getAttribute('aria-pressed') === 'true')
    player.seek(at)
    if (wasOn) setLens(true)
  }

  function draw(): void {
    markers = readMarkers(events)
    timeline.draw({ events, markers, pauses: detail.content.pauses })
    liveButton.hidden = !isLive(detail) && !live
    replace(
      title,
      h(
        'div',
        {},
        h('h1', {}, detail.userId ?? shortId(detail.deviceId)),
        h('code', {}, `${detail.deviceId}/${detail.sessionId}`),
      ),
      h('span', { class: 'grow' }),
      h(
        'button',
        {
          class: 'quiet',
          title: 'Delete this replay',
          'aria-label': 'Delete this replay',
          onclick: () => removeReplay(key),
        },
        icon('trash'),
      ),
    )
    drawPanel()
  }

  function drawPanel(): void {
    const names = { facts: 'Facts', events: 'Events', delivery: 'Delivery' } as const
    replace(
      tabs,
      (Object.keys(names) as (keyof typeof names)[]).map((name) =>
        h(
          'button',
          {
            role: 'tab',
            'aria-selected': String(name === tab),
            onclick: () => {
              tab = name
              drawPanel()
            },
          },
          names[name],
        ),
      ),
    )
    if (tab === 'events') {
      eventsPanel.draw(events)
      if (!panel.contains(eventsPanel.element)) replace(panel, eventsPanel.element)
    } else replace(panel, tab === 'facts' ? factsPanel(detail, seek) : deliveryPanel(detail))
  }

  async function fetchMore(): Promise<void> {
    const [nextDetail, more] = await Promise.all([readReplay(key), readEvents(key, cursor)])
    if (destroyed) return
    detail = nextDetail
    cursor = more.cursor
    const firstAt = events[0]?.timestamp ?? 0
    const lastAt = events.at(-1)?.timestamp ?? 0
    const before = player?.state() ?? null
    const wasAtEnd = before !== null && !before.playing && before.time >= before.duration
    events = merge(events, more.events)
    draw()
    if (more.events.length === 0) return
    // Batches of an earlier page may arrive late: then everything is laid out anew.
    const inOrder = more.events.every(({ timestamp }) => timestamp >= lastAt)
    if (player && inOrder) player.append(more.events)
    // Times count from the first event, which may be another one now.
    else buildPlayer(before ? before.time + firstAt - (events[0]?.timestamp ?? firstAt) : 0)
    if (before?.playing || (live && (before === null || wasAtEnd))) playOn()
  }

  /** Goes on if there is more to see; at the end, `play` would begin anew. */
  function playOn(): void {
    const now = player?.state()
    if (now && !now.playing && now.time < now.duration) player?.play()
  }

  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || (event.target as Element).closest('button, input, select, textarea, summary'))
      return
    event.preventDefault()
    togglePlay()
  }
  document.addEventListener('keydown', onKey)

  // The stage has its size only once it is on the page.
  const firstFrame = requestAnimationFrame(() => {
    draw()
    buildPlayer(0)
    setLive(live)
  })

  return {
    element,
    grow(summary) {
      if (summary.uploads < cursor) return
      growing = growing.then(fetchMore).catch((error) => tell(String(error)))
    },
    destroy() {
      destroyed = true
      cancelAnimationFrame(firstFrame)
      document.removeEventListener('keydown', onKey)
      clearTimeout(noticeTimer)
      setLens(false)
      player?.destroy()
    },
  }
}

function chip(
  name: 'lens' | 'skip',
  label: string,
  title: string,
  on: boolean,
  onToggle: (on: boolean) => void,
): HTMLButtonElement {
  const button = h(
    'button',
    {
      class: `chip${on ? ' chip-on' : ''}`,
      title,
      'aria-pressed': String(on),
      onclick: () => {
        const next = button.getAttribute('aria-pressed') !== 'true'
        button.setAttribute('aria-pressed', String(next))
        button.classList.toggle('chip-on', next)
        onToggle(next)
      },
    },
    icon(name),
    label,
  )
  return button
}

function merge(events: ReplayEvent[], more: ReplayEvent[]): ReplayEvent[] {
  return [...events, ...more].sort((a, b) => a.timestamp - b.timestamp)
}

function emptyReason({ events, analyticsEvents, refusals }: ReplayDetail): string {
  if (events > 0)
    return 'There is no full snapshot in this replay yet, so there is nothing to build the page from.'
  if (refusals > 0) return 'Nothing of this session was accepted. See Delivery.'
  return analyticsEvents > 0
    ? 'This session was not recorded: only its analytics events arrived.'
    : 'Nothing has arrived yet.'
}
