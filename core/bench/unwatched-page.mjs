// A page that is measured: driven over Chromium's protocol with the domains that this needs, and no other. Playwright,
// which runs the browser, watches the network of the pages that it opens, and to report the body of a request to it
// takes longer than to send it: that would count as the page's CPU, for whoever uploads.

/** Opens a page in a context of its own, which Playwright does not know. */
export async function openUnwatchedPage(browser) {
  const outer = await browser.newBrowserCDPSession()
  const { browserContextId } = await outer.send('Target.createBrowserContext')
  const { targetId } = await outer.send('Target.createTarget', {
    url: 'about:blank',
    browserContextId,
    width: 1280,
    height: 800,
  })
  const { send, on } = await connect(outer, targetId)
  await send('Page.enable')
  await send('Runtime.enable')
  const press = (type, more) => send('Input.dispatchMouseEvent', { type, ...more })
  return {
    send,
    onError: (run) =>
      on('Runtime.exceptionThrown', ({ exceptionDetails }) => run(describe(exceptionDetails))),
    async goto(url) {
      const loaded = new Promise((resolve) => {
        const stop = on('Page.loadEventFired', () => {
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
      if (exceptionDetails) throw new Error(describe(exceptionDetails))
      return result.value
    },
    async click(x, y) {
      const button = { x, y, button: 'left', clickCount: 1 }
      await press('mousePressed', button)
      await press('mouseReleased', button)
    },
    async close() {
      await outer.send('Target.disposeBrowserContext', { browserContextId })
      await outer.detach()
    },
  }
}

const describe = ({ exception, text }) => exception?.description ?? text

/** Commands and events of one target, as messages within another session: Playwright opens none to a foreign page. */
async function connect(outer, targetId) {
  const { sessionId } = await outer.send('Target.attachToTarget', { targetId, flatten: false })
  const waiting = new Map()
  const listeners = new Set()
  let lastId = 0
  outer.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result, error, method, params } = JSON.parse(message)
    if (id === undefined) {
      for (const one of [...listeners]) if (one.method === method) one.run(params)
      return
    }
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error) reject(new Error(error.message))
    else resolve(result)
  })
  return {
    send: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        const message = JSON.stringify({ id, method, params })
        outer.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject)
      }),
    /** Calls with each such event until stopped. */
    on(method, run) {
      const one = { method, run }
      listeners.add(one)
      return () => listeners.delete(one)
    },
  }
}
