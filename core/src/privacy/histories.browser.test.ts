import { Replayer } from 'rrweb'
import { afterEach, expect, test } from 'vitest'
import { type History, outlineOf, startHistory } from '../../test/support/private-history.ts'

declare global {
  interface ImportMeta {
    readonly env: Record<string, string | undefined>
  }
}

/** Of each history. */
const STEPS = 500
/** `VITE_HISTORIES=4` for a quick look; repeat one history with `VITE_HISTORY_SEED=7`. */
const SEEDS = Array.from({ length: Number(import.meta.env.VITE_HISTORIES ?? 20) }, (_, i) => i + 1)
const ONE_SEED = Number(import.meta.env.VITE_HISTORY_SEED ?? 0)

let history: History | undefined
afterEach(() => {
  history?.stop()
  document.body.innerHTML = ''
})

const channel = new MessageChannel()
/** After rrweb's observers, without the delay of timers. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    channel.port1.onmessage = () => resolve()
    channel.port2.postMessage(null)
  })
/** Frames load, and rrweb puts some steps off. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

async function replayOutline(events: ReturnType<History['events']>): Promise<string[]> {
  const root = document.body.appendChild(document.createElement('div'))
  const replayer = new Replayer(structuredClone(events) as never, {
    root,
    mouseTail: false,
    showWarning: false,
  })
  const last = events.reduce((latest, { timestamp }) => Math.max(latest, timestamp), 0)
  replayer.pause(last - (events[0]?.timestamp ?? 0) + 1)
  await settle()
  const main = replayer.iframe.contentDocument?.querySelector('main')
  const lines = main ? outlineOf(main) : []
  replayer.destroy()
  root.remove()
  return lines
}

const total = { steps: 0, replays: 0 }
test.each(ONE_SEED ? [ONE_SEED] : SEEDS)(
  'no random history leaks, hides wrongly or plays another page (seed %i)',
  { timeout: 600_000 },
  async (seed) => {
    const running = startHistory(seed)
    history = running
    for (let step = 0; step < STEPS; step++) {
      total.steps++
      for (let i = 0; i <= step % 3; i++) running.change()
      await (step % 25 === 0 ? settle() : nextTask())
      if (running.snapshotIfWanted()) await nextTask()
      expect({ step, leaks: running.leaks() }).toEqual({ step, leaks: [] })
    }
    running.snapshot()
    await settle()
    expect(running.missing()).toEqual([])
    for (let i = 0; i < 10; i++) running.changeContent()
    await settle()
    const page = running.outline()
    const events = running.events()
    running.stop()
    expect(await replayOutline(events)).toEqual(page)
    total.replays++
    expect(running.leaks()).toEqual([])
  },
)

test('the counts', () => {
  console.info(`privacy: ${total.steps} random steps, ${total.replays} replays like their pages`)
  if (!ONE_SEED) expect(total).toEqual({ steps: STEPS * SEEDS.length, replays: SEEDS.length })
})
