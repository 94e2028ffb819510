import { Replayer } from 'rrweb'
import type { ReplayEvent } from '../api.ts'

export interface PlayerState {
  playing: boolean
  /** Ms since the first event. */
  time: number
  duration: number
}

/** One replay on the stage. Times are ms since its first event. */
export interface Player {
  readonly replayer: Replayer
  state(): PlayerState
  play(): void
  pause(): void
  seek(time: number): void
  setSpeed(speed: number): void
  setSkipInactive(skip: boolean): void
  /** Adds events that happened after all others. */
  append(events: readonly ReplayEvent[]): void
  /** How much the recorded page is shrunk to fit. */
  scale(): number
  destroy(): void
}

export interface PlayerDeps {
  stage: HTMLElement
  events: ReplayEvent[]
  /** Times in which nothing was recorded; they are jumped over. */
  pauses(): readonly { from: number; to: number }[]
  onChange(state: PlayerState): void
  onPauseSkipped(ms: number): void
}

type RrwebEvents = ConstructorParameters<typeof Replayer>[0]

/** rrweb's Replayer, fitted into `stage`. Needs at least two events. */
export function createPlayer({ stage, events, pauses, onChange, onPauseSkipped }: PlayerDeps): Player {
  const root = document.createElement('div')
  root.className = 'replay-root'
  stage.append(root)

  // The replayer writes into events and keeps the list: it gets its own.
  const replayer = new Replayer(copyOf(events), {
    root,
    skipInactive: true,
    showWarning: false,
    triggerFocus: false,
    mouseTail: { duration: 600, lineCap: 'round', lineWidth: 2, strokeStyle: '#818cf8' },
  })
  replayer.iframe.title = 'The recorded page'
  // Nothing in a recording can be operated, so the keyboard passes it by.
  replayer.iframe.tabIndex = -1

  let firstAt = events[0]?.timestamp ?? 0
  let lastAt = events.at(-1)?.timestamp ?? firstAt
  let playing = false
  let atEnd = false
  let frame = 0
  let scale = 1

  const state = (): PlayerState => {
    const duration = lastAt - firstAt
    const time = atEnd ? duration : Math.min(duration, Math.max(0, replayer.getCurrentTime()))
    return { playing, time, duration }
  }
  const tell = (): void => onChange(state())
  /** Where the last tick was: frames may be so far apart that a whole pause lies between two of them. */
  let tickedAt = 0
  const tick = (): void => {
    const { time } = state()
    const gap = pauses().find(({ from, to }) => time > from - firstAt + 300 && tickedAt < to - firstAt - 300)
    tickedAt = time
    if (gap) {
      onPauseSkipped(gap.to - gap.from)
      if (time < gap.to - firstAt) seek(gap.to - firstAt)
    }
    tell()
    if (playing) frame = requestAnimationFrame(tick)
  }
  const play = (): void => {
    const { time, duration } = state()
    const from = atEnd || time >= duration ? 0 : time
    start(from)
  }
  const start = (from: number): void => {
    cancelAnimationFrame(frame)
    atEnd = false
    playing = true
    tickedAt = from
    replayer.play(from)
    frame = requestAnimationFrame(tick)
  }
  const pause = (): void => {
    playing = false
    cancelAnimationFrame(frame)
    if (!atEnd) replayer.pause()
    tell()
  }
  const seek = (time: number): void => {
    const to = Math.min(Math.max(0, time), lastAt - firstAt)
    if (playing) start(to)
    else {
      atEnd = false
      replayer.pause(to)
      tell()
    }
  }
  const fit = (): void => {
    const width = Number(replayer.iframe.width) || 1024
    const height = Number(replayer.iframe.height) || 640
    scale = Math.min(1, stage.clientWidth / width, stage.clientHeight / height)
    root.style.width = `${width * scale}px`
    root.style.height = `${height * scale}px`
    replayer.wrapper.style.transform = `scale(${scale})`
  }

  replayer.on('resize', fit)
  replayer.on('finish', () => {
    playing = false
    atEnd = true
    cancelAnimationFrame(frame)
    tell()
  })
  const observer = new ResizeObserver(fit)
  observer.observe(stage)
  replayer.pause(0)

  return {
    replayer,
    state,
    play,
    pause,
    seek,
    setSpeed: (speed) => replayer.setConfig({ speed }),
    setSkipInactive: (skipInactive) => replayer.setConfig({ skipInactive }),
    append(added) {
      const end = state().time
      for (const event of copyOf(added)) replayer.addEvent(event)
      firstAt = Math.min(firstAt, added[0]?.timestamp ?? firstAt)
      lastAt = Math.max(lastAt, added.at(-1)?.timestamp ?? lastAt)
      // The replayer is paused where the replay used to end: stay there, there is more to come.
      if (atEnd) {
        atEnd = false
        replayer.pause(end)
      }
      tell()
    },
    scale: () => scale,
    destroy() {
      playing = false
      cancelAnimationFrame(frame)
      observer.disconnect()
      replayer.destroy()
      root.remove()
    },
  }
}

function copyOf(events: readonly ReplayEvent[]): RrwebEvents {
  return events.map((event) => ({ ...event })) as RrwebEvents
}
