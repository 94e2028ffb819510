// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReplayEvent } from '../api.ts'
import { createFakeCollector } from '../test/fake-collector.ts'
import { recordedVisit } from '../test/recording.ts'
import type { Player, PlayerDeps } from './player.ts'
import { openReplayView, type ReplayView } from './replay-view.ts'

let collector: ReturnType<typeof createFakeCollector>
let view: ReplayView
let players: FakePlayer[]

type FakePlayer = Player & { time: number; playing: boolean }

/** A player whose time stands still. */
function fakePlayer({ events }: PlayerDeps): Player {
  const startedAt = events[0]?.timestamp ?? 0
  let duration = (events.at(-1)?.timestamp ?? 0) - startedAt
  const player: FakePlayer = {
    time: 0,
    playing: false,
    state: () => ({ playing: player.playing, time: player.time, duration }),
    play() {
      if (player.time >= duration) player.time = 0
      player.playing = true
    },
    seek(time: number) {
      player.time = time
    },
    append(added: { timestamp: number }[]) {
      duration = (added.at(-1)?.timestamp ?? 0) - startedAt
    },
    setSpeed: () => undefined,
    setSkipInactive: () => undefined,
    destroy: () => undefined,
  } as unknown as FakePlayer
  players.push(player)
  return player
}

const startedAt = Date.now() - 12_000
const visit = recordedVisit(startedAt)
const click = (at: number): ReplayEvent => ({
  type: 3,
  timestamp: startedAt + at,
  data: { source: 2, type: 2, id: 8 },
})

beforeEach(async () => {
  players = []
  collector = createFakeCollector()
  vi.stubGlobal('fetch', collector.fetch)
  collector.add('ada', visit)
  view = await openReplayView('ada', fakePlayer)
  await vi.waitFor(() => expect(players[0]?.playing).toBe(true))
})
afterEach(() => {
  view.destroy()
  vi.unstubAllGlobals()
})

/** What arrives next, and the player that shows it. */
async function grow(events: ReplayEvent[]): Promise<FakePlayer> {
  const { replay } = collector.add('ada', events)
  view.grow(replay)
  await vi.waitFor(() => expect(view.element.textContent).toContain(`Requests${replay.uploads}`))
  return players.at(-1) as FakePlayer
}

test('a late batch does not stop what plays', async () => {
  const [before] = players
  const after = await grow([click(3000)])
  expect(after).not.toBe(before)
  expect(after).toMatchObject({ playing: true, time: before?.time })
})

test('a batch from before the first event moves the playhead with the page it shows', async () => {
  const time = players[0]?.time ?? 0
  expect(await grow([click(-2000)])).toMatchObject({ playing: true, time: time + 2000 })
})

test('at the end, a late batch changes nothing, and the next one goes on from there', async () => {
  Object.assign(players[0] as FakePlayer, { playing: false, time: 11_000 })
  expect(await grow([click(3000)])).toMatchObject({ playing: false, time: 11_000 })
  expect(await grow([click(12_000)])).toMatchObject({ playing: true, time: 11_000 })
})

test('at the end, an upload without replay events does not begin anew', async () => {
  Object.assign(players[0] as FakePlayer, { playing: false, time: 11_000 })
  expect(await grow([])).toMatchObject({ playing: false, time: 11_000 })
})

test('a player that was paused stays paused after a late batch', async () => {
  Object.assign(players[0] as FakePlayer, { playing: false, time: 2000 })
  expect(await grow([click(3000)])).toMatchObject({ playing: false, time: 2000 })
})

test('a view that is left before it is drawn builds no player', async () => {
  const left = await openReplayView('ada', fakePlayer)
  left.destroy()
  await new Promise(requestAnimationFrame)
  expect(players).toHaveLength(1)
})

test('a view that is left while more is fetched builds no player', async () => {
  let answers = 0
  vi.stubGlobal('fetch', async (path: string) => {
    answers++
    return collector.fetch(path)
  })
  view.grow(collector.add('ada', [click(3000)]).replay)
  view.destroy()
  await vi.waitFor(() => expect(answers).toBe(2))
  await new Promise((turn) => setTimeout(turn))
  expect(players).toHaveLength(1)
})
