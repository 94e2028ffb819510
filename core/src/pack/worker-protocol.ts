import type { Channel } from '../types.ts'
import type { GzipPiece, StreamPosition } from './gzip.ts'

/**
 * What is said between the page and whoever packs: the worker, or the same code on the main thread. Messages
 * are obeyed in the order in which they are sent; each `flush` and `close` is answered by one piece.
 */
export type PackMessage =
  /** A body begins, or goes on from where another packer left it. */
  | { readonly kind: 'open'; readonly stream: number; readonly channel: Channel; readonly from: PackPosition }
  /** Serialised events, in capture order. */
  | { readonly kind: 'add'; readonly stream: number; readonly texts: readonly string[] }
  | { readonly kind: 'flush'; readonly stream: number }
  /** The last message on this batch. */
  | { readonly kind: 'close'; readonly stream: number }
  /** No answer is wanted any more. */
  | { readonly kind: 'forget'; readonly stream: number }

export interface PackPosition extends StreamPosition {
  readonly events: number
}

export type PackAnswer =
  /** The worker runs. Said once, before anything else. */
  | { readonly kind: 'ready' }
  /** `events` = events of the whole batch up to here. */
  | ({
      readonly kind: 'piece'
      readonly stream: number
      readonly events: number
      readonly closed: boolean
    } & GzipPiece)
  /** Packing failed; nothing more will come for any batch. */
  | { readonly kind: 'failed'; readonly message: string }
