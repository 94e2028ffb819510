export interface Spread {
  median: number
  min: number
  max: number
  rounds: number
}
export function median(values: number[]): number
export function spread(values: number[]): Spread
export function difference(
  rounds: Record<string, Record<string, number>>[],
  measure: string,
  one: string,
  other: string,
): Spread
export function compare(
  rounds: Record<string, Record<string, number>>[],
  measure: string,
  reference?: string,
): Record<string, { over: Spread; ratio: Spread }>
