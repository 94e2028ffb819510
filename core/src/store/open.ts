import { ReplayError, type Report } from '../errors.ts'
import type { BatchChunk, BatchHeader, BatchKey } from '../types.ts'
import { adoptDead } from './adopt-dead.ts'
import { type Budgets, DEFAULT_BUDGETS } from './budget.ts'
import { type BatchRow, type Disk, databaseName, openDisk } from './disk.ts'
import { createDiskLink } from './disk-link.ts'
import { DiskError, type DiskFault } from './idb.ts'
import { createMemory, type HeldBatch, isDurable, nameOf, packedBatch, weigh } from './memory.ts'
import { createOwnership } from './ownership.ts'
import { createShedder } from './shedding.ts'
import type { BatchStore } from './store.ts'
import { withWatchdog } from './watchdog.ts'

export interface StoreDeps {
  apiKey: string
  /** Made anew by each page and never kept: a duplicated tab must not inherit it. */
  tabId: string
  storeType: 'idb' | 'memory'
  report: Report
  /** The recording's newest segment was given up: what follows needs a fresh full snapshot. */
  onGap(): void
  /** Another tab's batches can be had: call `adopt`. */
  onAdoptable(): void
  /** Epoch ms. @default Date.now */
  now?(): number
  /** Ms on a clock that never jumps. @default performance.now */
  elapsedMs?(): number
  budgets?: Partial<Budgets>
}

/** Room made at least when the disk is full, so that the next piece does not meet the same wall. */
const ROOM_BYTES = 1_000_000

const DISK_LOST: Record<DiskFault, string> = {
  absent: 'is not available',
  silent: 'does not answer',
  newer: 'is in use by a newer version of this page',
  full: 'is full',
  closed: 'was closed or deleted',
  broken: 'failed',
}

/** Resolves once the disk is open, or given up for now and memory has taken over. Never rejects. */
export async function openStore(deps: StoreDeps): Promise<BatchStore> {
  const store = createStore(deps)
  await store.ready
  return store
}

/**
 * A write-through store: unsent batches of this tab are in memory and on disk. Memory answers reads and
 * survives a failing disk; the disk survives the page. When memory is full, copies of what is on disk go
 * first. Usable at once: what comes before the disk is open is moved over.
 */
export function createStore(deps: StoreDeps): BatchStore {
  const { tabId, report } = deps
  const now = deps.now ?? Date.now
  const elapsedMs = deps.elapsedMs ?? (() => performance.now())
  const budgets: Budgets = { ...DEFAULT_BUDGETS, ...deps.budgets }
  const database = databaseName(deps.apiKey)

  const memory = createMemory(elapsedMs)
  /** Batches this page sends without holding them: those of dead tabs. */
  const adopted = new Map<string, BatchRow>()
  /** Removed while the disk was away. */
  const unremoved = new Map<string, BatchKey>()
  let diskBytes = 0
  let closed = false
  let trimming = false
  let adopting: Promise<unknown> = Promise.resolve()

  const link = createDiskLink({
    open: (onLost) => openDisk(database, onLost),
    moveOver,
    onLost({ fault, cause }) {
      for (const batch of memory.all()) if (batch.chunks) batch.durableChunks = 0
      const text = `Session Replay: browser storage ${DISK_LOST[fault]}. Recording goes on in memory; what is unsent when the page closes may be lost.`
      report(new ReplayError('STORE_FAILED', text, { cause }))
      shedder.trimMemory()
    },
    elapsedMs,
  })

  const ownership = createOwnership({
    database,
    tabId,
    disk: link.opened,
    hasUnsent: () => memory.all().length > 0 || adopted.size > 0,
    now,
    onFree(freed) {
      if (freed === tabId) link.join().then(deps.onAdoptable, () => {})
      else deps.onAdoptable()
    },
    onTaken(taken) {
      for (const { header } of [...adopted.values()])
        if (header.tabId === taken) adopted.delete(nameOf(header))
      if (taken !== tabId) return
      link.suspend()
      giveAway((batch) => batch.durableChunks > 0)
      void link.join()
    },
  })

  const shedder = createShedder({
    tabId,
    budgets,
    memory,
    report,
    onGap: deps.onGap,
    disk: link.current,
    owns: (other) => other === tabId || hasAdopted(other),
    forget: (keys) => void removeOutsideMemory(keys),
    elapsedMs,
  })

  async function moveOver(disk: Disk, use: () => void): Promise<void> {
    // If another page is sending what we left on disk, `onFree` comes when it is done.
    if (!(await ownership.claim(tabId))) return
    const rows = await disk.list()
    diskBytes = rows.reduce((sum, { bytes }) => sum + bytes, 0)
    const stored = new Map(rows.map((row) => [nameOf(row.header), row]))
    for (const batch of memory.all()) {
      const row = stored.get(nameOf(batch.header))
      const whole = row?.chunks === batch.last.index + 1
      if (batch.chunks) batch.durableChunks = whole ? row.chunks : 0
      else if (!whole) dropOne(weigh(batch), 'disk-lost')
    }
    for (;;) {
      const late = [...unremoved.values()]
      const missing = memory.all().find((batch) => batch.chunks && !batch.evicted && !isDurable(batch))
      if (late.length > 0) {
        await disk.remove(late)
        for (const key of late) unremoved.delete(nameOf(key))
      } else if (missing?.chunks) {
        const row = rowOf(missing)
        await disk.put(row, missing.chunks)
        missing.durableChunks = row.chunks
        diskBytes += row.bytes
      } else return use()
    }
  }

  function rowOf({ header, bytes, last }: HeldBatch): BatchRow {
    const { events, lastEventAt, index } = last
    return { header, bytes, events, lastEventAt, closed: last.closed, chunks: index + 1, writtenAt: now() }
  }

  async function write(disk: Disk, batch: HeldBatch, chunk: BatchChunk): Promise<void> {
    ownership.touch()
    const row = rowOf(batch)
    try {
      await disk.put(row, [chunk]).catch(async (cause) => {
        if (!(cause instanceof DiskError) || cause.fault !== 'full') throw cause
        const goalBytes = diskBytes - Math.max(row.bytes, ROOM_BYTES)
        const { freedBytes, leftBytes } = await shedder.trimDisk(disk, goalBytes, 'finished')
        if (freedBytes === 0 || !memory.get(batch.header)) throw cause
        diskBytes = leftBytes
        await disk.put(row, [chunk])
      })
    } catch (cause) {
      if (link.current() === disk) link.fail(cause)
      return
    }
    if (link.current() !== disk) return
    batch.durableChunks = Math.max(batch.durableChunks, row.chunks)
    diskBytes += chunk.bytes.byteLength
    shedder.trimMemory()
    await trimDiskIfFull(disk)
  }

  async function trimDiskIfFull(disk: Disk): Promise<void> {
    if (diskBytes <= budgets.diskBytes || trimming) return
    trimming = true
    try {
      diskBytes = (await shedder.trimDisk(disk, budgets.diskBytes, 'growing-too')).leftBytes
    } catch (cause) {
      link.fail(cause)
    }
    trimming = false
  }

  /** Forgets what memory holds of batches that are another page's now. */
  function giveAway(isTaken: (batch: HeldBatch) => boolean): BatchKey[] {
    const taken = memory.all().filter(isTaken)
    for (const { header } of taken) memory.remove(header)
    return taken.map(({ header }) => header)
  }

  function dropOne(batch: ReturnType<typeof weigh>, reason: 'disk-lost' | 'unreadable' | 'too-old'): void {
    const { tabId: owner, openedAt } = batch.header
    shedder.drop([{ batches: [batch], bytes: batch.bytes, tabId: owner, openedAt, growing: false }], reason)
  }

  function hasAdopted(other: string): boolean {
    return [...adopted.values()].some(({ header }) => header.tabId === other)
  }

  async function removeOutsideMemory(keys: readonly BatchKey[]): Promise<void> {
    if (keys.length === 0 || deps.storeType === 'memory') return
    const owners = new Set(keys.map((key) => key.tabId))
    for (const key of keys) adopted.delete(nameOf(key))
    const disk = link.current()
    try {
      for (const key of keys) unremoved.set(nameOf(key), key)
      if (!disk) return
      await disk.remove(keys)
      for (const key of keys) unremoved.delete(nameOf(key))
    } catch (cause) {
      if (link.current() === disk) link.fail(cause)
    }
    for (const owner of owners) if (owner !== tabId && !hasAdopted(owner)) ownership.release(owner)
  }

  const store: BatchStore = {
    get kind() {
      return link.current() ? 'idb' : 'memory'
    },
    ready: Promise.resolve(),

    put(header, chunk) {
      if (closed || shedder.isInGap(header, chunk)) return Promise.resolve()
      const batch = memory.keep(header, chunk)
      if (!batch) return Promise.resolve()
      shedder.dropExpired()
      if (deps.storeType === 'idb') link.connectIfDue()
      const disk = link.current()
      if (disk && !batch.evicted) return write(disk, batch, batch.chunks?.at(-1) ?? chunk)
      shedder.trimMemory()
      return Promise.resolve()
    },

    async read(key) {
      const batch = memory.get(key)
      if (batch?.chunks) return packedBatch(batch.header, batch.chunks)
      const row = adopted.get(nameOf(key))
      const disk = link.current()
      if (!disk || !(row ?? batch)) return null
      try {
        const packed = await disk.read(key)
        if (!packed) dropOne(row ?? weigh(batch as HeldBatch), 'unreadable')
        return packed
      } catch (cause) {
        if (link.current() === disk) link.fail(cause)
        return null
      }
    },

    peek(key) {
      const batch = memory.get(key)
      return batch?.chunks ? packedBatch(batch.header, batch.chunks) : null
    },

    async remove(key) {
      const bytes = (memory.get(key) ?? adopted.get(nameOf(key)))?.bytes ?? 0
      diskBytes = Math.max(0, diskBytes - bytes)
      memory.remove(key)
      await removeOutsideMemory([key])
    },

    async discard(which) {
      const isMeant = ({ header }: { header: BatchHeader }): boolean =>
        which === 'all' || header.sessionId === which.sessionId
      const keys = [...memory.all(), ...adopted.values()].filter(isMeant).map(({ header }) => header)
      for (const key of keys) memory.remove(key)
      await removeOutsideMemory(keys)
      return keys.length
    },

    adopt(closeStream) {
      const turn = adopting.then(async () => {
        await store.ready
        const disk = link.current()
        if (!disk) return []
        try {
          return await adoptDead({
            disk,
            ownership,
            tabId,
            closeStream,
            oldestAt: now() - budgets.ageMs,
            isKnown: (header) =>
              adopted.has(nameOf(header)) ||
              memory.get(header) !== undefined ||
              unremoved.has(nameOf(header)),
            keep: (row) => adopted.set(nameOf(row.header), row),
            drop: dropOne,
          })
        } catch (cause) {
          if (link.current() === disk) link.fail(cause)
          return []
        }
      })
      adopting = turn
      return turn
    },

    pause() {
      ownership.releaseAll()
    },

    async resume() {
      const gone: BatchKey[] = [...adopted.values()].map(({ header }) => header)
      adopted.clear()
      const disk = link.opened()
      if (!disk || closed) return gone
      link.suspend()
      try {
        let isTaken = (batch: HeldBatch): boolean => batch.durableChunks > 0
        if (await ownership.claim(tabId)) {
          const left = new Set((await disk.list(tabId)).map(({ header }) => nameOf(header)))
          isTaken = (batch) => batch.durableChunks > 0 && !left.has(nameOf(batch.header))
        }
        gone.push(...giveAway(isTaken))
        await link.join()
      } catch (cause) {
        link.fail(cause)
      }
      return gone
    },

    async close() {
      closed = true
      ownership.releaseAll()
      link.close()
      // A claim that was under way may still be granted.
      await Promise.allSettled([adopting, store.ready])
      ownership.releaseAll()
    },

    status: () => ({
      kind: store.kind,
      memoryBytes: memory.bytes(),
      diskBytes: link.opened() ? diskBytes : 0,
      dropped: { ...shedder.dropped },
    }),
  }

  async function connect(): Promise<void> {
    await link.connect()
    if (link.opened()) budgets.diskBytes = Math.min(budgets.diskBytes, await tenthOfQuota())
  }

  return deps.storeType === 'idb' ? Object.assign(store, { ready: connect() }) : store
}

/** What the origin may use, as far as the browser tells; a question that it may leave open. */
async function tenthOfQuota(): Promise<number> {
  try {
    const estimate = withWatchdog(navigator.storage.estimate(), 1000, () => new Error('silent'))
    return ((await estimate).quota ?? Number.POSITIVE_INFINITY) / 10
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
