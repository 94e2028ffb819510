import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

interface PrerenderDocument extends Document {
  readonly prerendering?: boolean
}

/** The page is loaded ahead of a visit that may never happen. */
export const isPrerendering = (): boolean =>
  (globalThis.document as PrerenderDocument | undefined)?.prerendering === true

/** Calls when a prerendered page becomes the visited one. */
export function watchActivation(onActivate: () => void, report: Report): Stop {
  const { document } = globalThis
  const run = guard('page.activation', report, onActivate)
  document.addEventListener('prerenderingchange', run)
  return () => document.removeEventListener('prerenderingchange', run)
}
