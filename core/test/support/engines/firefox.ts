import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocket from 'ws'
import { heard, startChild } from './children.ts'
import type { Driver } from './driver.ts'

// On top of what Firefox itself sets for every driven browser (`remote.prefs.recommended`).
const PREFERENCES = {
  // Nothing may reach real servers.
  'network.proxy.type': 0,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.server': 'data:,',
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'app.normandy.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.aboutwelcome.enabled': false,
}

/**
 * Drives an installed Firefox by WebDriver BiDi, which it speaks by itself.
 * Source: https://w3c.github.io/webdriver-bidi/
 */
export async function openFirefox(executable: string): Promise<Driver> {
  const profile = await mkdtemp(join(tmpdir(), 'replay-firefox-'))
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const child = startChild(executable, [
    ...['--headless', '--no-remote', '--profile', profile],
    ...['--remote-debugging-port', '0', '--width', '1280', '--height', '900'],
    'about:blank',
  ])
  async function end(): Promise<void> {
    await child.stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const address = await heard(child, 2, /WebDriver BiDi listening on (ws:\/\/\S+)/)
    const { send, hangUp } = await connect(`${address}/session`)
    const { capabilities } = await send<{ capabilities: { browserVersion: string } }>('session.new', {
      capabilities: {},
    })
    const { contexts } = await send<{ contexts: { context: string }[] }>('browsingContext.getTree', {})
    const context = contexts[0]?.context
    return {
      browser: `Firefox ${capabilities.browserVersion}`,
      async open(url) {
        await send('browsingContext.navigate', { context, url, wait: 'complete' })
      },
      async close() {
        hangUp()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

interface Waiting {
  resolve(result: never): void
  reject(error: Error): void
}

interface Connection {
  send<T>(method: string, params: object): Promise<T>
  hangUp(): void
}

/** Commands go out with an id, answers come back with it. */
async function connect(address: string): Promise<Connection> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  socket.on('message', (data) => {
    const { id, type, result, error, message } = JSON.parse(String(data))
    const asker = waiting.get(id)
    waiting.delete(id)
    if (type === 'error') asker?.reject(new Error(`${error}: ${message}`))
    else asker?.resolve(result as never)
  })
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox hung up.'))
    waiting.clear()
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    send: (method, params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        socket.send(JSON.stringify({ id, method, params }))
      }),
    hangUp: () => socket.terminate(),
  }
}
