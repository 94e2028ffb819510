import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnalyticsEvent, ReceivedUpload } from '@session-replay-kit/core/testing'
import type { ReplaySummary, StreamMessage } from '../api.ts'
import { type Identity, keyOf, openReplayFile, type ReplayFile } from './replay-file.ts'

export interface ReplayStoreOptions {
  dir: string
  /** All replays together, on disk. The oldest replay goes first; the one that grows stays. */
  maxBytes: number
  now?(): number
}

/** All replays on disk. */
export interface ReplayStore {
  /** Newest first. */
  list(): ReplaySummary[]
  find(key: string): ReplayFile | undefined
  addUpload(upload: ReceivedUpload): Promise<void>
  addAnalytics(events: AnalyticsEvent[]): Promise<void>
  addRefusal(identity: Identity, why: string): Promise<void>
  remove(key: string): Promise<void>
  removeAll(): Promise<void>
  /** Called with every replay that grew or went, until the returned function is called. */
  watch(tell: (message: StreamMessage) => void): () => void
}

export async function openReplayStore({
  dir,
  maxBytes,
  now = Date.now,
}: ReplayStoreOptions): Promise<ReplayStore> {
  const watchers = new Set<(message: StreamMessage) => void>()
  const replays = new Map<string, Promise<ReplayFile>>()
  const opened = new Map<string, ReplayFile>()
  /** Folders on their way out. What arrives for one of them begins anew when it is gone. */
  const leaving = new Map<string, Promise<void>>()

  await mkdir(dir, { recursive: true })
  for (const name of await readdir(dir)) {
    // What is not a replay of ours is somebody's, and what cannot be read now may be read again: both stay.
    const file = await openReplayFile(join(dir, name)).catch((error) => {
      console.warn(`Left out: ${error}`)
      return null
    })
    if (file?.key !== name) continue
    replays.set(name, Promise.resolve(file))
    opened.set(name, file)
  }

  const tellAll = (message: StreamMessage): void => {
    for (const tell of watchers) tell(message)
  }
  const open = async (key: string, identity: Identity): Promise<ReplayFile> => {
    await leaving.get(key)
    const file = await openReplayFile(join(dir, key), identity)
    if (!file) throw new Error('A replay needs an identity')
    opened.set(key, file)
    return file
  }
  const fileOf = (identity: Identity): Promise<ReplayFile> => {
    const key = keyOf(identity)
    const known = replays.get(key)
    if (known) return known
    const made = open(key, identity)
    replays.set(key, made)
    // The next upload tries again.
    made.catch(() => replays.delete(key))
    return made
  }
  const remove = async (key: string): Promise<void> => {
    const file = opened.get(key)
    if (!file) return leaving.get(key)
    replays.delete(key)
    opened.delete(key)
    const gone = file.remove().finally(() => leaving.delete(key))
    leaving.set(key, gone)
    await gone
    tellAll({ type: 'removed', key })
  }
  const list = (): ReplaySummary[] =>
    [...opened.values()].map((file) => file.summary()).sort((a, b) => b.receivedAt - a.receivedAt)

  const keepBound = async (growing: string): Promise<void> => {
    const all = list()
    let total = all.reduce((sum, { diskBytes }) => sum + diskBytes, 0)
    for (const { key, diskBytes } of all.reverse()) {
      if (total <= maxBytes) return
      if (key === growing) continue
      total -= diskBytes
      await remove(key)
    }
  }
  const grow = async (identity: Identity, add: (file: ReplayFile) => Promise<void>): Promise<void> => {
    const file = await fileOf(identity)
    await add(file)
    if (opened.get(file.key) === file) tellAll({ type: 'replay', replay: file.summary() })
    await keepBound(file.key)
  }

  await keepBound('')
  return {
    list,
    find: (key) => opened.get(key),
    addUpload: (upload) =>
      grow(upload, (file) => {
        if (file.summary().diskBytes + upload.body.byteLength > maxBytes) {
          const why = `not kept: this replay alone fills the folder (${maxBytes} bytes)`
          return file.addRefusal(why, upload.receivedAt)
        }
        return file.addUpload(upload)
      }),
    async addAnalytics(events) {
      for (const event of events) {
        const { device_id: deviceId, session_id: session } = event
        // Events outside of any session (-1) belong to no replay.
        if (!deviceId || typeof deviceId !== 'string' || session === undefined || session < 0) continue
        await grow({ deviceId, sessionId: String(session) }, (file) => file.addAnalytics(event, now()))
      }
    },
    addRefusal: (identity, why) => grow(identity, (file) => file.addRefusal(why, now())),
    remove,
    async removeAll() {
      await Promise.all([...opened.keys()].map(remove))
    },
    watch(tell) {
      watchers.add(tell)
      return () => watchers.delete(tell)
    },
  }
}
