import 'rrweb/dist/style.css'
import './viewer.css'
import type { ReplaySummary, Settings, StreamMessage } from '../api.ts'
import { listReplays, readSettings, removeAllReplays, watchReplays } from './api-client.ts'
import { h, icon, replace } from './element.ts'
import markUrl from './mark.svg?url'
import { createReplayList } from './replay-list.ts'
import { openReplayView, type ReplayView } from './replay-view.ts'
import { settingsPage } from './settings-page.ts'
import { welcomePage } from './welcome-page.ts'

const replays = new Map<string, ReplaySummary>()
let view: ReplayView | null = null
let openKey: string | null = null
/** Counts navigations: a page that was slow to load must not replace a later one. */
let navigation = 0

const weather = h('a', { class: 'weather', href: '#/settings', hidden: true })
const connection = h('span', { class: 'connection', role: 'status' }, 'connecting')
const list = createReplayList(() => {
  if (confirm('Delete all replays from this computer?')) void removeAllReplays()
})
const page = h('div', { class: 'page' })

document
  .querySelector('#app')
  ?.append(
    h(
      'header',
      { class: 'top' },
      h(
        'a',
        { class: 'brand', href: '#/' },
        h('img', { src: markUrl, alt: '' }),
        h('b', {}, 'Session Replay Kit'),
        h('span', {}, 'collector'),
      ),
      h('span', { class: 'grow' }),
      weather,
      connection,
      h('a', { class: 'top-link', href: '#/settings' }, icon('gear'), 'Remote configuration'),
    ),
    h('div', { class: 'columns' }, list.element, page),
  )

const newestFirst = (): ReplaySummary[] => [...replays.values()].sort((a, b) => b.receivedAt - a.receivedAt)

function drawList(): void {
  list.draw(newestFirst(), openKey)
}

function drawWeather(settings: Settings): void {
  const notes = [
    settings.captureEnabled ? '' : 'capture is off',
    settings.uploadAnswer === 'accept' ? '' : `uploads: ${settings.uploadAnswer}`,
    settings.configAnswer === 'accept' ? '' : `configuration: ${settings.configAnswer}`,
  ].filter(Boolean)
  weather.hidden = notes.length === 0
  weather.textContent = notes.join(' · ')
}

async function route(): Promise<void> {
  const mine = ++navigation
  const key = /^#\/replay\/(\w+)/.exec(location.hash)?.[1] ?? null
  view?.destroy()
  view = null
  openKey = key
  drawList()
  try {
    if (key) {
      const known = replays.get(key)
      const opened = await openReplayView(key)
      if (mine !== navigation) return opened.destroy()
      view = opened
      replace(page, opened.element)
      // What arrived while it opened found no view to tell.
      const latest = replays.get(key)
      if (latest && latest !== known) view.grow(latest)
    } else {
      const content =
        location.hash === '#/settings' ? await settingsPage(drawWeather) : welcomePage(replays.size > 0)
      if (mine === navigation) replace(page, content)
    }
  } catch (error) {
    if (mine !== navigation) return
    replace(page, h('p', { class: 'stage-empty' }, error instanceof Error ? error.message : String(error)))
  }
}

function take(message: StreamMessage): void {
  if (message.type === 'removed') {
    replays.delete(message.key)
    if (message.key === openKey) location.hash = '#/'
  } else {
    const isFirst = replays.size === 0
    replays.set(message.replay.key, message.replay)
    if (message.replay.key === openKey) view?.grow(message.replay)
    else if (isFirst && !openKey && location.hash.length < 3) location.hash = `#/replay/${message.replay.key}`
  }
}

/** Nobody told what happened while there was no connection: the list has it. */
async function catchUp(): Promise<void> {
  const listed = await listReplays()
  const keys = new Set(listed.map(({ key }) => key))
  for (const key of replays.keys()) if (!keys.has(key)) take({ type: 'removed', key })
  for (const replay of listed) take({ type: 'replay', replay })
}

/** One after the other: messages that come while the list is fetched may be newer than it. */
let following = Promise.resolve()
function follow(step: () => void | Promise<void>): void {
  following = following.then(step).then(drawList).catch(console.error)
}

watchReplays(
  (message) => follow(() => take(message)),
  (connected) => {
    connection.textContent = connected ? `listening on ${location.host}` : 'the collector is not running'
    connection.classList.toggle('connection-on', connected)
    if (connected) follow(catchUp)
  },
)
addEventListener('hashchange', () => void route())
// The ages in the list, and who is still live.
setInterval(drawList, 10_000)

for (const replay of await listReplays()) replays.set(replay.key, replay)
drawWeather(await readSettings())
// Who comes to watch their visit need not look for it.
const [newest] = newestFirst()
if (newest && location.hash === '') history.replaceState(null, '', `#/replay/${newest.key}`)
await route()
