// Drives Chromium over its own protocol, with the domains that measuring needs and no other. Playwright always watches
// the network, and to report the body of a request to it takes longer than to send it: that would count as the page's
// CPU, for whoever uploads.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Starts a browser with a profile of its own. */
export async function launchChrome(executablePath, args) {
  const profile = mkdtempSync(join(tmpdir(), 'session-replay-kit-bench-'))
  const flags = ['--headless', '--remote-debugging-pipe', '--no-first-run', `--user-data-dir=${profile}`]
  const child = spawn(executablePath, [...flags, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const { send, on } = connect(child.stdio[3], child.stdio[4])
  const { product } = await send('Browser.getVersion')
  return {
    version: product.replace(/^.*\//, ''),
    send: (method, params) => send(method, params),
    on,
    newPage: () => openPage(send, on),
    async close() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      await send('Browser.close')
      await gone
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** A page in a context of its own. */
async function openPage(sendTo, on) {
  const { browserContextId } = await sendTo('Target.createBrowserContext')
  const { targetId } = await sendTo('Target.createTarget', {
    ...{ url: 'about:blank', browserContextId, width: 1280, height: 800 },
  })
  const { sessionId } = await sendTo('Target.attachToTarget', { targetId, flatten: true })
  const send = (method, params) => sendTo(method, params, sessionId)
  await send('Page.enable')
  await send('Runtime.enable')
  const press = (type, more) => send('Input.dispatchMouseEvent', { type, x: 0, y: 0, ...more })
  let at = { x: 0, y: 0 }
  return {
    send,
    onError: (run) =>
      on('Runtime.exceptionThrown', sessionId, ({ exceptionDetails }) =>
        run(exceptionDetails.exception?.description ?? exceptionDetails.text),
      ),
    async goto(url) {
      const loaded = new Promise((resolve) => {
        const stop = on('Page.loadEventFired', sessionId, () => {
          stop()
          resolve()
        })
      })
      await send('Page.navigate', { url })
      await loaded
    },
    async evaluate(run, argument) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression: `(${run})(${JSON.stringify(argument)})`,
        awaitPromise: true,
        returnByValue: true,
      })
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value
    },
    async type(text, delayMs) {
      for (const key of text) {
        await send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key })
        await send('Input.dispatchKeyEvent', { type: 'keyUp', key })
        await wait(delayMs)
      }
    },
    async move(x, y) {
      at = { x, y }
      await press('mouseMoved', at)
    },
    scroll: (deltaY) => press('mouseWheel', { ...at, deltaX: 0, deltaY }),
    async click(x, y) {
      const button = { x, y, button: 'left', clickCount: 1 }
      await press('mousePressed', button)
      await press('mouseReleased', button)
    },
    close: () => sendTo('Target.disposeBrowserContext', { browserContextId }),
  }
}

/** Messages are JSON texts, each followed by a zero byte. */
function connect(output, input) {
  const waiting = new Map()
  const listeners = new Set()
  let lastId = 0
  let rest = Buffer.alloc(0)
  input.on('data', (part) => {
    rest = Buffer.concat([rest, part])
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      hear(JSON.parse(rest.toString('utf8', 0, end)))
      rest = rest.subarray(end + 1)
    }
  })

  function hear({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      for (const one of [...listeners])
        if (one.method === method && one.sessionId === sessionId) one.run(params)
      return
    }
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error) reject(new Error(error.message))
    else resolve(result)
  }

  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
      }),
    /** Calls with each such event of the session, until stopped. */
    on(method, sessionId, run) {
      const one = { method, sessionId, run }
      listeners.add(one)
      return () => listeners.delete(one)
    },
  }
}
