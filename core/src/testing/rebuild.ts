import type { ReplayEvent } from '../types.ts'
import { type OutlineOptions, outlineOf } from './outline.ts'

/** What is needed of a Playwright page. */
export interface BrowserPage {
  setContent(html: string): Promise<unknown>
  addScriptTag(script: { path: string }): Promise<unknown>
  evaluate<Result>(script: string): Promise<Result>
}

export interface RebuildOptions extends Pick<OutlineOptions, 'styles' | 'attributes'> {
  /** Path of rrweb's browser build: `rrweb.umd.min.cjs` in the folder of `require.resolve('rrweb')`. */
  rrwebPath: string
  /** Moments to look at, as epoch ms. @default the end of the recording */
  at?: number[]
}

/**
 * Replays events with rrweb's `Replayer` in a page of a real browser and returns the outline of the replayed document
 * at each moment asked for. Compare it with `outlineOf(document, { maskAs })` of the live page.
 * Rejects if the events cannot be replayed, e.g. without a full snapshot.
 */
export async function rebuildOutlines(
  page: BrowserPage,
  events: ReplayEvent[],
  { rrwebPath, at, styles, attributes }: RebuildOptions,
): Promise<string[][]> {
  await page.setContent('<!doctype html><title>replay</title><body></body>')
  await page.addScriptTag({ path: rrwebPath })
  const last = events.reduce((latest, { timestamp }) => Math.max(latest, timestamp), 0)
  const moments = at ?? [last]
  return page.evaluate<string[][]>(`(async () => {
    const outlineOf = ${outlineOf.toString()}
    const events = ${JSON.stringify(events)}
    const replayer = new rrweb.Replayer(events, { root: document.body, mouseTail: false, showWarning: false, speed: 1 })
    const start = events[0].timestamp
    const outlines = []
    for (const moment of ${JSON.stringify(moments)}) {
      // One millisecond more: the replayer stops before the events of the exact moment.
      replayer.pause(Math.max(0, moment - start) + 1)
      // Style sheets and frames of the rebuilt document settle asynchronously.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))
      outlines.push(outlineOf(replayer.iframe.contentDocument, ${JSON.stringify({ styles, attributes })}))
    }
    return outlines
  })()`)
}
