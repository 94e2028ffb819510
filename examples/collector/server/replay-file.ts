import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type AnalyticsEvent,
  type DecodedUpload,
  decodeUpload,
  type ReceivedUpload,
} from '@session-replay-kit/core/testing'
import type { AnalyticsFacts, ReplaySummary, UploadFacts } from '../api.ts'
import { createGrowingFile } from './growing-file.ts'

/** A line of the index. Bodies lie in a second file, exactly as they were received. */
type Line =
  | { kind: 'replay'; deviceId: string; sessionId: string; at: number }
  | (UploadFacts & { kind: 'upload'; at: number; offset: number; hash: string; sampleRate: string })
  | { kind: 'duplicate'; at: number }
  | (AnalyticsFacts & { kind: 'analytics'; receivedAt: number; insertId: string | null })
  | { kind: 'refused'; at: number; why: string }

type UploadLine = Extract<Line, { kind: 'upload' }>
type AnalyticsLine = Extract<Line, { kind: 'analytics' }>

/** Stands for a body that a stricter decoder or a bad disk makes unreadable: it must not hide the others. */
const UNREADABLE: DecodedUpload = { channel: 'replay', version: 0, events: [], rawBytes: 0, text: '' }

export interface Identity {
  deviceId: string
  sessionId: string
}

/** One replay on disk: two files that only ever grow, so that a crash or a full disk costs at most the last line. */
export interface ReplayFile {
  readonly key: string
  summary(): ReplaySummary
  requests(): UploadFacts[]
  analytics(): AnalyticsFacts[]
  refused(): { at: number; why: string }[]
  addUpload(upload: ReceivedUpload): Promise<void>
  addAnalytics(event: AnalyticsEvent, at: number): Promise<void>
  addRefusal(why: string, at: number): Promise<void>
  /** Uploads from number `from` (0, 1, 2, …) on, decoded again from what was received. */
  uploadsFrom(from: number): Promise<DecodedUpload[]>
  remove(): Promise<void>
}

/** Ids may hold any character and any length; folder names may not. */
export function keyOf({ deviceId, sessionId }: Identity): string {
  return createHash('sha256').update(`${deviceId}/${sessionId}`).digest('hex').slice(0, 20)
}

/**
 * Opens a replay's folder, making it if `identity` is given. `null` when it holds no replay; then nothing in it
 * was changed.
 */
export async function openReplayFile(folder: string, identity?: Identity): Promise<ReplayFile | null> {
  const indexPath = join(folder, 'index.ndjson')
  const bodiesPath = join(folder, 'bodies.bin')
  const { lines, bytes, isTorn } = await readIndex(indexPath)
  const index = createGrowingFile(indexPath, bytes)
  const bodies = createGrowingFile(bodiesPath, (await orIfAbsent(stat(bodiesPath), null))?.size ?? 0)

  const head = lines.find((line) => line.kind === 'replay')
  const known = head ?? identity
  if (!known) return null
  if (isTorn) await index.cutTo(bytes)
  const { deviceId, sessionId } = known
  const replayId = `${deviceId}/${sessionId}`

  let writing: Promise<unknown> = Promise.resolve()
  let removed = false
  let summary: ReplaySummary | null = null
  /** Appends happen one after the other, whoever asks. */
  const inTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const result = writing.then(run)
    writing = result.catch(() => undefined)
    return result
  }
  const append = async (line: Line): Promise<void> => {
    if (removed) return
    await index.append(new TextEncoder().encode(`${JSON.stringify(line)}\n`))
    lines.push(line)
    summary = null
  }
  const linesOf = <Kind extends Line['kind']>(kind: Kind): Extract<Line, { kind: Kind }>[] =>
    lines.filter((line): line is Extract<Line, { kind: Kind }> => line.kind === kind)

  const summarise = (): ReplaySummary => {
    const uploads = linesOf('upload')
    const analytics = linesOf('analytics')
    const replays = uploads.filter(({ channel }) => channel === 'replay')
    const sum = (list: UploadLine[], field: 'events' | 'rawBytes' | 'bodyBytes'): number =>
      list.reduce((total, upload) => total + upload[field], 0)
    const times = replays.flatMap(({ firstAt, lastAt }) => [firstAt, lastAt].filter((at) => at !== null))
    const arrivals = lines.map((line) => ('receivedAt' in line ? line.receivedAt : line.at))
    return {
      key: keyOf({ deviceId, sessionId }),
      deviceId,
      sessionId,
      userId: analytics.findLast(({ userId }) => userId)?.userId ?? null,
      startedAt: earliest(times),
      endedAt: latest(times),
      receivedAt: latest(arrivals) ?? 0,
      events: sum(replays, 'events'),
      interactions: sum(uploads, 'events') - sum(replays, 'events'),
      uploads: uploads.length,
      duplicates: linesOf('duplicate').length,
      rawBytes: sum(uploads, 'rawBytes'),
      bodyBytes: sum(uploads, 'bodyBytes'),
      diskBytes: index.bytes() + bodies.bytes(),
      pageUrl: uploads.find(({ pageUrl }) => pageUrl)?.pageUrl ?? '',
      library: uploads.findLast(({ library }) => library)?.library ?? '',
      sampleRate: uploads.findLast(({ sampleRate }) => sampleRate)?.sampleRate ?? '',
      analyticsEvents: analytics.length,
      taggedEvents: analytics.filter((event) => event.replayId === replayId).length,
      refusals: linesOf('refused').length,
    }
  }

  if (!head) {
    await mkdir(folder, { recursive: true })
    await append({ kind: 'replay', deviceId, sessionId, at: Date.now() })
  }

  return {
    key: keyOf({ deviceId, sessionId }),
    summary() {
      summary ??= summarise()
      return summary
    },
    requests: () => linesOf('upload'),
    analytics: () => linesOf('analytics'),
    refused: () => linesOf('refused'),
    addUpload: (upload) =>
      inTurn(async () => {
        const hash = createHash('sha256').update(upload.body).digest('hex')
        if (linesOf('upload').some((earlier) => earlier.hash === hash)) {
          return append({ kind: 'duplicate', at: upload.receivedAt })
        }
        if (removed) return
        // The body first: without its line it is never read, so a crash in between does no harm.
        const offset = await bodies.append(upload.body)
        try {
          await append(uploadLine(upload, offset, hash))
        } catch (error) {
          await bodies.cutTo(offset)
          throw error
        }
      }),
    addAnalytics: (event, at) =>
      inTurn(async () => {
        const line = analyticsLine(event, at)
        const seen = line.insertId && linesOf('analytics').some(({ insertId }) => insertId === line.insertId)
        if (!seen) await append(line)
      }),
    addRefusal: (why, at) => inTurn(() => append({ kind: 'refused', at, why })),
    async uploadsFrom(from) {
      const wanted = linesOf('upload').slice(from)
      if (wanted.length === 0) return []
      const file = await open(bodiesPath)
      try {
        const decoded: DecodedUpload[] = []
        for (const { offset, bodyBytes } of wanted) {
          const body = new Uint8Array(bodyBytes)
          await file.read(body, 0, bodyBytes, offset)
          decoded.push(await decodeUpload(body).catch(() => UNREADABLE))
        }
        return decoded
      } finally {
        await file.close()
      }
    },
    remove: () =>
      inTurn(async () => {
        removed = true
        await rm(folder, { recursive: true, force: true })
      }),
  }
}

/**
 * The lines of the index, without those that cannot be read: each stands for itself. It is torn when a crash left half a
 * line at the end.
 */
async function readIndex(path: string): Promise<{ lines: Line[]; bytes: number; isTorn: boolean }> {
  const content = await orIfAbsent(readFile(path), Buffer.alloc(0))
  const bytes = content.lastIndexOf('\n') + 1
  const lines = content.toString('utf8', 0, bytes).split('\n').map(readLine)
  return { lines: lines.filter((line) => line !== null), bytes, isTorn: bytes < content.byteLength }
}

function readLine(text: string): Line | null {
  try {
    const line = JSON.parse(text) as Line | null
    return typeof line?.kind === 'string' ? line : null
  } catch {
    return null
  }
}

/** Of any number of times: as arguments of one call they would have an end. */
function earliest(times: number[]): number | null {
  return times.length ? times.reduce((a, b) => Math.min(a, b)) : null
}

function latest(times: number[]): number | null {
  return times.length ? times.reduce((a, b) => Math.max(a, b)) : null
}

/** A file that is not there is empty. One that cannot be read is not: what it holds would be written over. */
async function orIfAbsent<Value, Otherwise>(
  reading: Promise<Value>,
  otherwise: Otherwise,
): Promise<Value | Otherwise> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
    throw error
  }
}

function uploadLine(upload: ReceivedUpload, offset: number, hash: string): UploadLine {
  const { decoded, receivedAt, channel, via, pageUrl, library, sampleRate } = upload
  const times = decoded.events.map(({ timestamp }) => timestamp).filter(Number.isFinite)
  return {
    kind: 'upload',
    at: receivedAt,
    receivedAt,
    channel,
    via,
    version: decoded.version,
    events: decoded.events.length,
    rawBytes: decoded.rawBytes,
    bodyBytes: upload.body.byteLength,
    firstAt: earliest(times),
    lastAt: latest(times),
    pageUrl,
    library,
    sampleRate,
    offset,
    hash,
  }
}

/** An app may send anything: what is not of the kind that we show is left out. */
function analyticsLine(event: AnalyticsEvent, receivedAt: number): AnalyticsLine {
  const properties = event.event_properties ?? {}
  const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    kind: 'analytics',
    at: Number.isFinite(event.time) ? (event.time as number) : receivedAt,
    receivedAt,
    type: String(event.event_type),
    userId: textOrNull(event.user_id),
    insertId: textOrNull(event.insert_id),
    replayId: textOrNull(properties['[Amplitude] Session Replay ID']),
    properties,
  }
}
