/** Where the tables belong. */
export const PAGE: string
/** Writes the tables of the result at `path` into the page; returns the page's path. */
export function publish(path: string): string
/** The page with the tables of the result in their places. */
export function withTables(page: string, result: object | undefined): string
/** What a result lacks that the page has a place for. */
export function missingFrom(result: {
  rounds: Record<string, Record<string, Record<string, number>>[]>
  entries: object
}): string[]
