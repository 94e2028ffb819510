import { guard, type Report } from '../errors.ts'
import { type BatchHeader, type BatchKey, keyText } from '../types.ts'
import { adoptDead } from './adopt-dead.ts'
import { type Budgets, DEFAULT_BUDGETS } from './budget.ts'
import { type BatchRow, databaseName } from './disk.ts'
import { createMemory, type HeldBatch, packedBatch, weigh } from './memory.ts'
import { createMirror } from './mirror.ts'
import { createOwnership } from './ownership.ts'
import { createShedder } from './shedding.ts'
import type { BatchStore, StoreDropReason } from './store.ts'
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
  const onAdoptable = guard('store.onAdoptable', report, deps.onAdoptable)
  const onGap = guard('store.onGap', report, deps.onGap)

  const memory = createMemory(elapsedMs)
  /** Batches this page sends without holding them: those of dead tabs. */
  const adopted = new Map<string, BatchRow>()
  let closed = false
  let adopting: Promise<unknown> = Promise.resolve()

  const mirror = createMirror({
    database,
    memory,
    report,
    budgets,
    now,
    elapsedMs,
    claimOwn: () => ownership.claim(tabId),
    onWrite: () => ownership.touch(),
    onBack: onAdoptable,
    onVanished: (batch) => dropOne(weigh(batch), 'disk-lost'),
    trimMemory: () => shedder.trimMemory(),
    trimDisk: (disk, goalBytes, which) => shedder.trimDisk(disk, goalBytes, which),
  })

  const ownership = createOwnership({
    database,
    tabId,
    disk: mirror.opened,
    hasUnsent: () => memory.all().length > 0 || adopted.size > 0,
    now,
    onFree(freed) {
      if (freed === tabId) void mirror.join().then(onAdoptable)
      else onAdoptable()
    },
    onTaken(taken) {
      for (const [name, { header }] of adopted) if (header.tabId === taken) adopted.delete(name)
      if (taken !== tabId) return
      mirror.suspend()
      giveAway((batch) => batch.durableChunks > 0)
      void mirror.join()
    },
  })

  const shedder = createShedder({
    tabId,
    budgets,
    memory,
    report,
    // Later, so that a snapshot does not begin inside of the `put` that found the store full.
    onGap: () => queueMicrotask(onGap),
    disk: mirror.current,
    owns: (other) => other === tabId || hasAdopted(other),
    forget: (keys) => void forgetElsewhere(keys),
    elapsedMs,
  })

  /** Forgets what memory holds of batches that are another page's now. */
  function giveAway(isTaken: (batch: HeldBatch) => boolean): BatchKey[] {
    const taken = memory.all().filter(isTaken)
    for (const { header } of taken) memory.remove(header)
    return taken.map(({ header }) => header)
  }

  function dropOne(batch: BatchRow | ReturnType<typeof weigh>, reason: StoreDropReason): void {
    const { header, bytes } = batch
    shedder.drop(
      [{ batches: [batch], bytes, tabId: header.tabId, openedAt: header.openedAt, growing: false }],
      reason,
    )
  }

  function hasAdopted(other: string): boolean {
    return [...adopted.values()].some(({ header }) => header.tabId === other)
  }

  async function forgetElsewhere(keys: readonly BatchKey[]): Promise<void> {
    for (const key of keys) adopted.delete(keyText(key))
    if (keys.length === 0 || deps.storeType === 'memory') return
    await mirror.remove(keys)
    for (const owner of new Set(keys.map((key) => key.tabId)))
      if (owner !== tabId && !hasAdopted(owner)) ownership.release(owner)
  }

  async function forget(keys: readonly BatchKey[]): Promise<void> {
    const elsewhere = forgetElsewhere(keys)
    for (const key of keys) memory.remove(key)
    await elsewhere
  }

  const store: BatchStore = {
    get kind() {
      return mirror.current() ? 'idb' : 'memory'
    },
    ready: deps.storeType === 'idb' ? connect() : Promise.resolve(),

    put(header, chunk) {
      const batch = closed || shedder.isInGap(header, chunk) ? null : memory.keep(header, chunk)
      const kept = batch?.chunks?.at(-1)
      if (!batch || !kept) return Promise.resolve()
      shedder.dropExpired()
      if (deps.storeType === 'idb') mirror.connectIfDue()
      if (mirror.current() && !batch.evicted) return mirror.write(batch, kept)
      shedder.trimMemory()
      return Promise.resolve()
    },

    async read(key) {
      const batch = memory.get(key)
      if (batch?.chunks) return packedBatch(batch.header, batch.chunks)
      const known = adopted.get(keyText(key)) ?? (batch && weigh(batch))
      if (!known) return null
      const packed = await mirror.ask((disk) => disk.read(key))
      if (packed === null) dropOne(known, 'unreadable')
      return packed ?? null
    },

    peek(key) {
      const batch = memory.get(key)
      return batch?.chunks ? packedBatch(batch.header, batch.chunks) : null
    },

    remove: (key) => forget([key]),

    async discard(which) {
      const isMeant = ({ header }: { header: BatchHeader }): boolean =>
        which === 'all' || header.sessionId === which.sessionId
      const keys = [...memory.all(), ...adopted.values()].filter(isMeant).map(({ header }) => header)
      await forget(keys)
      return keys.length
    },

    adopt(closeStream) {
      const turn = adopting.then(async () => {
        await store.ready
        const taken = await mirror.ask((disk) =>
          adoptDead({
            disk,
            ownership,
            tabId,
            closeStream,
            oldestAt: now() - budgets.ageMs,
            isKnown: (header) =>
              adopted.has(keyText(header)) || memory.get(header) !== undefined || mirror.isRemoved(header),
            keep: (row) => adopted.set(keyText(row.header), row),
            drop: dropOne,
          }),
        )
        return taken ?? []
      })
      adopting = turn
      return turn
    },

    async tabsOnDisk() {
      if (deps.storeType === 'memory') return new Set()
      return mirror.ask(async (disk) => new Set((await disk.list()).map(({ header }) => header.tabId)))
    },

    pause() {
      ownership.releaseAll()
    },

    async resume() {
      const gone: BatchKey[] = [...adopted.values()].map(({ header }) => header)
      adopted.clear()
      if (closed) return gone
      const left = await mirror.ask(async (disk) => {
        mirror.suspend()
        const rows = (await ownership.claim(tabId)) ? await disk.list(tabId) : []
        return new Set(rows.map(({ header }) => keyText(header)))
      })
      if (left) gone.push(...giveAway((batch) => batch.durableChunks > 0 && !left.has(keyText(batch.header))))
      await mirror.join()
      return gone
    },

    async close() {
      closed = true
      ownership.releaseAll()
      mirror.close()
      // A claim that was under way may still be granted.
      await Promise.allSettled([adopting, store.ready])
      ownership.releaseAll()
    },

    status: () => ({
      kind: store.kind,
      memoryBytes: memory.bytes(),
      diskBytes: mirror.bytes(),
      dropped: { ...shedder.dropped },
    }),
  }

  async function connect(): Promise<void> {
    await mirror.connect()
    if (mirror.opened()) budgets.diskBytes = Math.min(budgets.diskBytes, await tenthOfQuota())
  }

  return store
}

/** What the origin may use, as far as the browser tells. */
async function tenthOfQuota(): Promise<number> {
  try {
    const estimate = withWatchdog(navigator.storage.estimate(), 1000, () => new Error('silent'))
    return ((await estimate).quota ?? Number.POSITIVE_INFINITY) / 10
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
