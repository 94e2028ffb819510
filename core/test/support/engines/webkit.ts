import { existsSync } from 'node:fs'
import { type Child, freePort, heard, startChild } from './children.ts'
import type { Driver } from './driver.ts'

const XVFB = '/usr/bin/Xvfb'

/**
 * Drives WebKitGTK's own small browser by WebDriver, in a screen that nobody sees.
 * Source: https://www.w3.org/TR/webdriver2/
 */
export async function openWebKit(webDriver: string): Promise<Driver> {
  const children: Child[] = []
  async function end(): Promise<void> {
    for (const child of children.reverse()) await child.stop()
  }
  try {
    const env = { ...process.env, ...(await screen(children)) }
    const port = await freePort()
    children.push(startChild(webDriver, [`--port=${port}`], env))
    const call = await reach(`http://127.0.0.1:${port}`)
    const { sessionId, capabilities } = await call<Session>('POST', '/session', { capabilities: {} })
    const session = `/session/${sessionId}`
    return {
      browser: `WebKitGTK ${capabilities.browserVersion}`,
      async open(url) {
        await call('POST', `${session}/url`, { url })
      },
      async close() {
        await call('DELETE', session).catch(() => {})
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

interface Session {
  sessionId: string
  capabilities: { browserVersion: string }
}

/** A screen of its own if Xvfb is installed, else the one that there is. */
async function screen(children: Child[]): Promise<Record<string, string>> {
  if (!existsSync(XVFB)) return {}
  const xvfb = startChild(XVFB, ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'])
  children.push(xvfb)
  return { DISPLAY: `:${await heard(xvfb, 3, /(\d+)\n/)}`, GDK_BACKEND: 'x11' }
}

type Call = <T>(method: string, path: string, body?: object) => Promise<T>

/** Waits until the driver answers, which it does not announce. */
async function reach(origin: string): Promise<Call> {
  const call: Call = async (method, path, body) => {
    const response = await fetch(origin + path, { method, body: body ? JSON.stringify(body) : null })
    const { value } = (await response.json()) as { value: { error?: string; message?: string } }
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
    return value as never
  }
  const deadline = performance.now() + 20_000
  for (;;) {
    try {
      await call('GET', '/status')
      return call
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
