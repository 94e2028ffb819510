/** Where the tables belong. */
export const PAGE: string
/** The runs that are published. @throws if they are of several commits or machines. */
export function readResults(): object[]
/** Writes the tables of the published runs into the page; returns the page's path. */
export function publish(): string
/** The page with the tables of these runs in their places. */
export function withTables(page: string, results: object[]): string
/** What a result lacks that the page has a place for. */
export function missingFrom(result: {
  rounds: Record<string, Record<string, Record<string, number>>[]>
  entries: object
}): string[]
