interface PrerenderDocument extends Document {
  readonly prerendering?: boolean
}

/** The page is loaded ahead of a visit that may never happen. */
export const isPrerendering = (): boolean =>
  (globalThis.document as PrerenderDocument | undefined)?.prerendering === true
