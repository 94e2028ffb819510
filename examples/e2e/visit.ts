import {
  createTestCollector,
  EventType,
  IncrementalSource,
  type ReplayEvent,
  recordedText,
} from '@session-replay-kit/core/testing'
import type { Browser } from 'playwright'

export interface Visit {
  /** All text that the replay shows, one piece a line. */
  readonly text: string
  readonly snapshots: number
  readonly mutations: number
  /** Addresses of the workers that ran when everything was sent. */
  readonly workers: string[]
  /** What `explain()` says of the packer; undefined where an app has no controller. */
  readonly packer: string | undefined
  /** Names of the tagged analytics events. */
  readonly tagged: string[]
  /** Errors of the page and what was said on the console. */
  readonly said: string[]
  readonly evidence: object
}

interface Replay {
  flush(): Promise<void>
  explain?(): { recorder?: { delivery?: { packer?: string } } }
}

/**
 * One visit of an app as its users have it: its own addresses of Amplitude, answered by a collector in this process.
 * Clicks three times on the button and waits until a snapshot and all three changes have arrived, and where the app has
 * the Browser SDK, a tagged event too.
 */
export async function visit(browser: Browser, url: string, analytics: boolean): Promise<Visit> {
  const collector = createTestCollector()
  const context = await browser.newContext()
  const said: string[] = []
  try {
    const tagged = (): string[] =>
      collector.analyticsEvents.flatMap(({ event_type, event_properties = {} }) =>
        '[Amplitude] Session Replay ID' in event_properties ? [event_type] : [],
      )
    let onTagged: () => void = () => {}
    const firstTagged = new Promise<void>((resolve) => {
      onTagged = resolve
    })
    await context.route(/\bamplitude\.com\b/, async (route) => {
      await collector.route(route)
      if (tagged().length > 0) onTagged()
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) said.push(message.text())
    })
    await page.goto(url)
    // The open batch of the first snapshot is sent by itself; from then on the page is being recorded.
    await collector.waitForUpload(({ decoded }) => decoded.channel === 'replay', 30_000)
    for (const count of [1, 2, 3]) {
      await page.click('button')
      await page.getByText(`item ${count}`).waitFor()
    }
    await page.evaluate(() => (window as unknown as { replay: Replay }).replay.flush())
    await collector.waitForUpload(() => recordedText(collector.events()).includes('item 3'), 30_000)
    if (analytics) await firstTagged
    const events = collector.events()
    return {
      text: recordedText(events),
      snapshots: events.filter(({ type }) => type === EventType.FullSnapshot).length,
      mutations: events.filter(isMutation).length,
      workers: page.workers().map((worker) => worker.url()),
      packer: await page.evaluate(
        () => (window as unknown as { replay: Replay }).replay.explain?.().recorder?.delivery?.packer,
      ),
      tagged: tagged(),
      said,
      evidence: collector.evidence(),
    }
  } catch (cause) {
    throw new Error(`the visit failed; the page said: ${said.join('\n') || 'nothing'}`, { cause })
  } finally {
    await context.close()
  }
}

const isMutation = ({ type, data }: ReplayEvent): boolean =>
  type === EventType.Incremental && (data as { source?: number }).source === IncrementalSource.Mutation
