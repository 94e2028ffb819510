/** One build-time change to the recorder's text: see `rrweb-patches.ts`. */
export interface Change {
  readonly why: string
  readonly find: RegExp
  readonly replace: string
  readonly times: number
}
