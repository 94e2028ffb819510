import { keepListening } from '../capture/document-swap.ts'
import type { ResolvedOptions } from '../config/resolve-options.ts'
import { guard, ReplayError, type Report } from '../errors.ts'
import { closeStream } from '../pack/gzip.ts'
import { createPacker } from '../pack/packer.ts'
import { createLeftoverNote, pruneLeftoverNotes } from '../platform/leftover-notes.ts'
import { isOnline, LIVES_ON_MS, watchOnline } from '../platform/page.ts'
import { watchPolicy } from '../platform/policy.ts'
import { mayHaveOfficial } from '../store/official-databases.ts'
import { createStore } from '../store/open.ts'
import type { AdoptedBatch, StoreStatus } from '../store/store.ts'
import type {
  BatchChunk,
  BatchHeader,
  BatchKey,
  Channel,
  CloseReason,
  Identity,
  ReplayEvent,
  SessionId,
} from '../types.ts'
import { pageClock } from '../upload/clock.ts'
import { type Destination, trackUrl } from '../upload/endpoint.ts'
import { canKeepAlive } from '../upload/transport.ts'
import { createUploader, type UploadStatus } from '../upload/uploader.ts'
import { forbiddenWarning } from '../upload/warnings.ts'
import { createUnpacking } from './unpacking.ts'

/** From captured events to the server's acknowledgement: pack, store, upload. */
export interface Delivery {
  /** Takes an event over, with whom it belongs to. From here on it is either delivered or counted as dropped. */
  add(event: ReplayEvent, origin: EventOrigin): void
  /** Ends the open batch; resolves when it is in the store. */
  close(reason: CloseReason): Promise<void>
  /** Ends the open batch and resolves when all that can be sent at this moment is sent. */
  flush(): Promise<void>
  /** Takes over what dead tabs of this site left behind. */
  adopt(): void
  /** The page is hidden and may never come back: packs, stores and hands over before it returns. */
  leave(final: boolean): void
  /** The page is back from the back/forward cache. */
  comeBack(): void
  /** Consent was withdrawn: forgets everything that no server has seen. */
  discard(): Promise<void>
  /** Drops what was captured in the last `ms` and is still open. */
  discardRecent(ms: number): void
  /** Something that `mayUpload` looks at has changed. */
  wake(): void
  status(): DeliveryStatus
  /**
   * Delivers what is left, then ends timers, workers, locks and listeners. Without a disk it waits until the last batch
   * is away or forgotten.
   */
  end(): Promise<void>
}

export interface EventOrigin {
  readonly identity: Identity
  readonly channel: Channel
  /** Already made safe to be sent. */
  readonly pageUrl: string
  readonly sampleRate: number
}

export interface DeliveryStatus {
  readonly store: StoreStatus
  readonly upload: UploadStatus
  /** Where events are packed: a worker from a file, from a blob, or the main thread. */
  readonly packer: 'file' | 'blob' | 'main'
  /** Events that could not be packed: larger than `maxSingleEventSizeBytes`, or without a JSON form. */
  readonly unpackable: number
}

export interface DeliveryDeps {
  readonly apiKey: string
  readonly tabId: string
  readonly options: ResolvedOptions
  readonly destination: Destination
  deviceId(): string | undefined
  /** `lastEventAt`: epoch ms of the newest event known of the batch's session. */
  mayUpload(header: BatchHeader, lastEventAt: number): 'yes' | 'wait' | 'never'
  onSessionKilled(sessionId: SessionId): void
  /** Events were lost: a fresh full snapshot makes the replay whole again. */
  onGap(): void
  /** For `debugMode`. */
  debug(line: string): void
  readonly report: Report
}

/**
 * What a crash may cost, in ms: packed events are on disk this long after capture.
 * See core/docs/delivery.md, "Crashes cost less than a second".
 */
const DURABLE_WITHIN_MS = 1000

/** Compressed bytes at which a batch closes, so that an exit request (64 KiB for the whole page) always fits. */
const MAX_BODY_BYTES = 50_000

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { options, report, destination, tabId } = deps
  /** This tab's batches without an acknowledgement, oldest first. */
  const unsent = new Map<number, BatchHeader>()
  /** Epoch ms of the newest event known, by session. */
  const lastEvents = new Map<string, number>()
  const noteUnsent = createLeftoverNote(deps.apiKey, tabId)

  const store = createStore({
    apiKey: deps.apiKey,
    tabId,
    storeType: options.storeType,
    report,
    onGap: deps.onGap,
    onAdoptable: () => adopt(),
  })

  const policy = watchPolicy(trackUrl(destination), document, report, () =>
    report(forbiddenWarning(trackUrl(destination))),
  )

  // Beacons, which take the place of keepalive requests, cannot say that they are gzipped.
  const unpacking = createUnpacking(!options.enableTransportCompression || !canKeepAlive())

  const uploader = createUploader({
    tabId,
    destination,
    store: {
      read: async (key) => {
        await unpacking.ready
        if (options.debugMode) tellSizes()
        return store.read(key)
      },
      remove(key: BatchKey) {
        if (key.tabId === tabId) unsent.delete(key.sequence)
        const removed = store.remove(key)
        if (unsent.size === 0) noteUnsent(false)
        return removed
      },
    },
    split: unpacking.split,
    gunzip: unpacking.gunzip,
    compress: options.enableTransportCompression,
    sendTimeoutMs: options.sendTimeoutMs,
    quickRetries: options.flushMaxRetries,
    transport: options.handleSendEvents,
    mayUpload: (header) =>
      presence !== 'here'
        ? 'wait'
        : deps.mayUpload(header, Math.max(header.openedAt, lastEvents.get(String(header.sessionId)) ?? 0)),
    onSessionKilled(sessionId) {
      void store.discard({ sessionId })
      deps.onSessionKilled(sessionId)
    },
    onHeal: deps.onGap,
    connection: { isOnline, onOnline: (run) => keepListening(() => watchOnline(run, report), report) },
    isForbidden: policy.isForbidden,
    clock: pageClock(),
    report,
  })

  const packer = createPacker({
    tabId,
    settings: {
      idle: options.performanceConfig.enabled,
      idleTimeoutMs: options.performanceConfig.timeout,
      useWebWorker: options.useWebWorker,
      workerUrl: options.workerUrl,
      minIntervalMs: options.flushIntervalConfig.minIntervalMs,
      maxIntervalMs: options.flushIntervalConfig.maxIntervalMs,
      maxBatchBytes: options.maxPersistedEventsSizeBytes,
      maxEventBytes: options.maxSingleEventSizeBytes,
      maxCompressedBytes: MAX_BODY_BYTES,
      eagerFullSnapshotSend: options.eagerFullSnapshotSend,
      mergeMutations: options.performanceConfig.mergeMutations,
      durableWithinMs: DURABLE_WITHIN_MS,
      holdBackMs: options.discardRecentMs,
    },
    onChunk: keep,
    onDrop: deps.onGap,
    now: () => performance.now(),
    report,
  })

  function tellSizes(): void {
    const { memoryBytes, diskBytes } = store.status()
    deps.debug(`Session Replay: unsent: ${memoryBytes} bytes in memory, ${diskBytes} on disk.`)
  }

  function keep(header: BatchHeader, chunk: BatchChunk): void {
    unsent.set(header.sequence, header)
    noteLastEvent({ header, ...chunk })
    noteOnDisk()
    void store.put(header, chunk)
    if (chunk.closed) uploader.enqueue(header)
  }

  function noteLastEvent({ header, lastEventAt }: AdoptedBatch): void {
    const session = String(header.sessionId)
    lastEvents.set(session, Math.max(lastEventAt, lastEvents.get(session) ?? 0))
  }

  function noteOnDisk(): void {
    if (store.kind === 'idb' && unsent.size > 0) noteUnsent(true)
  }

  // What is to be written is noted, and its write begun, in one task: `pruneLeftoverNotes` counts on it.
  const pruneNotes = () => pruneLeftoverNotes(deps.apiKey, async () => (await store.tabsOnDisk())?.add(tabId))

  /** Grows with each `discard`: what is taken over for an earlier one is to be forgotten, not sent. */
  let discards = 0
  /** Epoch ms of the last `discard`: a disk that opens later may still hold what is older. */
  let discardedAt = 0
  let officialTaken = options.storeType === 'memory'

  async function takeOver(): Promise<void> {
    const asked = discards
    const taken = await store.adopt(closeStream)
    // All before the first is enqueued: how long a session was decides about each of its batches.
    for (const batch of taken) noteLastEvent(batch)
    for (const { header } of taken) {
      if (asked === discards && header.openedAt > discardedAt) uploader.enqueue(header)
      else await store.remove(header)
    }
    // What came before the disk was there.
    noteOnDisk()
    await pruneNotes()
    if (officialTaken || discards > 0 || store.kind === 'memory') return
    officialTaken = true
    if (!(await mayHaveOfficial(deps.apiKey))) return
    const kept: BatchHeader[] = []
    try {
      // A chunk of its own: a site changes over only once.
      const { takeOfficialLeftovers } = await import('./official-leftovers.ts')
      await takeOfficialLeftovers({
        ...deps,
        keep: async (header, chunk) => {
          const isKept = asked === discards && (await keepOfficial(header, chunk))
          if (isKept) kept.push(header)
          return isKept
        },
      })
    } catch {
      // Perhaps the network. It stays where it is, for the next visit.
      officialTaken = false
    }
    if (asked === discards) for (const header of kept) uploader.enqueue(header)
  }

  async function keepOfficial(header: BatchHeader, chunk: BatchChunk): Promise<boolean> {
    unsent.set(header.sequence, header)
    noteLastEvent({ header, ...chunk })
    noteOnDisk()
    await store.put(header, chunk)
    const isSafe = store.kind === 'idb' && store.peek(header) !== null
    if (!isSafe) {
      // Else it would be sent from here as well as from where it stays.
      unsent.delete(header.sequence)
      await store.remove(header)
    }
    return isSafe
  }

  /** While away, another page may take over what is on disk. Nothing leaves before it is known what is still ours. */
  let presence: 'here' | 'away' | 'returning' = 'here'
  let returning: Promise<void> | undefined
  let livesOn: ReturnType<typeof setTimeout> | undefined

  function goAway(): void {
    presence = 'away'
    store.pause()
    clearTimeout(livesOn)
    livesOn = setTimeout(comeBack, LIVES_ON_MS)
  }

  function comeBack(): void {
    if (presence !== 'away') return
    presence = 'returning'
    clearTimeout(livesOn)
    const current = store.resume().then((gone) => {
      for (const key of gone) if (key.tabId === tabId) unsent.delete(key.sequence)
      uploader.release(gone)
      // Left again meanwhile: what was claimed since must not keep the page out of the cache.
      if (presence === 'away') store.pause()
      if (presence !== 'returning' || returning !== current) return
      presence = 'here'
      uploader.wake()
      adopt()
    })
    returning = current
  }

  let discarding: Promise<void> | undefined

  async function emptyStore(): Promise<void> {
    const discarded = store.discard('all')
    // What dead tabs left behind has no page that could forget it.
    const left = await store.adopt(closeStream)
    await Promise.all([discarded, ...left.map(({ header }) => store.remove(header))])
    // A disk that is away keeps its notes: the next page tries again.
    if (store.kind === 'idb' && unsent.size === 0) noteUnsent(false)
    await pruneNotes()
  }

  const adopt = guard('taking over unsent replays', report, (): void => {
    takeOver().catch((cause) =>
      report(new ReplayError('STORE_FAILED', 'Session Replay: unsent replays cannot be read.', { cause })),
    )
  })

  return {
    add: (event, origin) => packer.add(event, origin),
    close: (reason) => packer.close(reason),
    async flush() {
      await packer.close('flush')
      await returning
      await uploader.drain()
    },
    adopt,
    leave(final) {
      // A second time without a return: it was not away. The page is also hidden and frozen on its way out.
      if (final && presence === 'away') presence = 'here'
      packer.closeSync(final ? 'exit' : 'hidden')
      const bodies = [...unsent.values()].flatMap((header) => store.peek(header) ?? [])
      uploader.sendOnExit(bodies)
      if (final) goAway()
    },
    comeBack,
    discard() {
      discards += 1
      discardedAt = Date.now()
      packer.discard()
      uploader.discard('all')
      unsent.clear()
      discarding = emptyStore()
      return discarding
    },
    discardRecent: (ms) => packer.discardRecent(ms),
    wake: () => uploader.wake(),
    status() {
      const { worker, droppedEvents } = packer.status()
      return {
        store: store.status(),
        upload: uploader.status(),
        packer: worker,
        unpackable: droppedEvents,
      }
    },
    async end() {
      await discarding
      comeBack()
      await returning
      await packer.settled()
      await packer.close('stop')
      packer.stop()
      await Promise.all([uploader.drain(), store.ready])
      // What is on disk waits for the next visit; what memory alone has would be lost with this page.
      if (store.kind === 'memory') await uploader.emptied()
      clearTimeout(livesOn)
      uploader.stop()
      policy.stop()
      await store.close()
    },
  }
}
