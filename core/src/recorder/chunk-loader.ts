import type { Stop } from '../types.ts'

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000

export interface ChunkLoader {
  /** Begins to load, unless that is under way or the next attempt has its time. */
  load(): void
  /** The attempt under way, or the one that succeeded. */
  loading(): Promise<void> | undefined
  /** Resolves when no attempt is under way any more, or after `patienceMs`. */
  settled(patienceMs: number): Promise<void>
  /** The last attempt failed. */
  hasFailed(): boolean
  /** Tries no more before the next `load`. */
  stop: Stop
}

export interface ChunkLoaderDeps<Chunk> {
  fetch(): Promise<Chunk>
  onLoaded(chunk: Chunk): void
  onFailed(cause: unknown): void
  /** Somebody waits for it. */
  isWanted(): boolean
}

/** Loads what is needed later, and ever more rarely again where it does not come, as long as somebody waits for it. */
export function createChunkLoader<Chunk>(deps: ChunkLoaderDeps<Chunk>): ChunkLoader {
  let loading: Promise<void> | undefined
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function load(): void {
    if (timer !== undefined) return
    loading ??= deps.fetch().then((chunk) => {
      failures = 0
      deps.onLoaded(chunk)
    }, fail)
  }

  function fail(cause: unknown): void {
    loading = undefined
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS)
    failures += 1
    if (deps.isWanted()) timer = setTimeout(retry, delayMs)
    deps.onFailed(cause)
  }

  function retry(): void {
    stop()
    if (deps.isWanted()) load()
  }

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  async function settled(patienceMs: number): Promise<void> {
    let patience: ReturnType<typeof setTimeout> | undefined
    const tooLong = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, patienceMs)
    })
    await Promise.race([loading, tooLong])
    clearTimeout(patience)
  }

  return { load, loading: () => loading, settled, hasFailed: () => failures > 0, stop }
}
