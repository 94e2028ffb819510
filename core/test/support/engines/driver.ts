/** One window of a browser that shows what it is told to. */
export interface Driver {
  /** What runs, as `Firefox 140.1.0`. */
  readonly browser: string
  open(url: string): Promise<void>
  close(): Promise<void>
}
