import type { BatchChunk, BatchHeader, BatchKey, PackedBatch, SessionId } from '../types.ts'

/** Why events were given up before any server saw them. */
export type StoreDropReason = 'memory-full' | 'disk-full' | 'too-old' | 'disk-lost' | 'unreadable'

/** A batch that a dead tab left. */
export interface AdoptedBatch {
  readonly header: BatchHeader
  /** Epoch ms of its newest event. */
  readonly lastEventAt: number
}

/** The check values of a gzip stream after its last piece. */
export interface StreamState {
  readonly crc: number
  readonly rawBytes: number
}

/** Ends a gzip stream that was left open: deflates `tailText` and adds the trailer. */
export type CloseStream = (state: StreamState, tailText: string) => Uint8Array

export interface StoreStatus {
  readonly kind: 'idb' | 'memory'
  /** Bytes of unsent batches held in memory. */
  readonly memoryBytes: number
  /** Bytes of unsent batches on disk, those of other tabs included, as far as this tab knows. */
  readonly diskBytes: number
  /** Events given up, by reason. */
  readonly dropped: Readonly<Partial<Record<StoreDropReason, number>>>
}

/**
 * Keeps packed batches until a server has accepted them. Nothing here throws or rejects: storage that
 * is absent, full, broken or silent costs durability, never a batch that memory can hold.
 */
export interface BatchStore {
  /** Where batches are kept at the moment; changes when the disk fails or comes back. */
  readonly kind: 'idb' | 'memory'
  /** Resolves when the disk is open or given up for now; `put` may be called before. */
  readonly ready: Promise<void>
  /**
   * Adds one piece to a batch. The write begins before `put` returns, so it may be called while the page
   * goes away. Resolves when the piece is on disk, or held in memory where there is no disk.
   */
  put(header: BatchHeader, chunk: BatchChunk): Promise<void>
  /** A closed batch, or null: still open, dropped, or out of reach. */
  read(key: BatchKey): Promise<PackedBatch | null>
  /** Like `read`, at once, for what this tab holds in memory: while a page goes away nothing can be awaited. */
  peek(key: BatchKey): PackedBatch | null
  /** Forgets a batch that was accepted, or that can never be. */
  remove(key: BatchKey): Promise<void>
  /** Forgets unsent batches of this tab and of those it has adopted; gives their number. */
  discard(which: 'all' | { readonly sessionId: SessionId }): Promise<number>
  /**
   * Takes over what dead tabs left behind and ends streams they left open. Oldest tab first, each in its
   * own order; each dead tab goes to exactly one taker.
   */
  adopt(closeStream: CloseStream): Promise<AdoptedBatch[]>
  /** The tabs, dead or alive, whose batches can be had from disk; undefined while it cannot be read. */
  tabsOnDisk(): Promise<Set<string> | undefined>
  /**
   * The page goes away, perhaps into the back/forward cache: gives up ownership so that the next page can
   * deliver what is on disk. Call it at `pagehide`, after every `put`. Measured in Chromium 156: a cached
   * page that still holds a lock is thrown out of the cache as soon as another page asks for that lock.
   */
  pause(): void
  /**
   * The page is back from the back/forward cache. Resolves with the batches that are no longer this tab's
   * to send; nothing may be uploaded before. Call `adopt` afterwards.
   */
  resume(): Promise<BatchKey[]>
  /** Ends everything; what is on disk waits for the next visit. */
  close(): Promise<void>
  status(): StoreStatus
}
