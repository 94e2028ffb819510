import type { PageClock } from '../page-clock.ts'

interface Watched {
  readonly replay?: { getSnapshot(): { isRecording: boolean; route: { allowed: boolean } | null } }
}

/** What a page notes about itself while it is visited. */
export interface PageNotes {
  /** Moments at which the recorder was at work and a restricted screen was on show. */
  dirty: number
  /** From the moment at which the restricted screen was gone until recording went on. */
  resumes: Resume[]
}

export interface Resume {
  /** By the page's own clock, which a busy machine delays as it delays the recorder. */
  readonly pageMs: number
  readonly wallMs: number
}

/** Runs in the page before its own scripts. */
export function watchPage(startPageClock: () => PageClock): void {
  const TICK_MS = 10
  const notes: PageNotes = { dirty: 0, resumes: [] }
  Object.assign(window, { notes })
  const clock = startPageClock()
  let seen = false
  let gone: Resume | null = null
  const now = (): Resume => ({ pageMs: clock.now(), wallMs: performance.now() })
  const look = (): void => {
    const isThere = document.querySelector('.restricted') !== null
    const snapshot = (window as Watched).replay?.getSnapshot()
    const isRecording = snapshot?.isRecording ?? false
    if (isThere && isRecording) notes.dirty++
    if (isThere) {
      seen = true
      gone = null
    } else if (seen) gone ??= now()
    if (snapshot?.route?.allowed === false) gone = null
    if (gone !== null && isRecording) {
      const { pageMs, wallMs } = now()
      notes.resumes.push({ pageMs: pageMs - gone.pageMs, wallMs: wallMs - gone.wallMs })
      gone = null
      seen = false
    }
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
  setInterval(look, TICK_MS)
}

/** Everything that IndexedDB and web storage hold, as text; packed bodies are unpacked. Runs in the page. */
export async function readStorage(): Promise<string> {
  const found: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie]
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  /** A batch that still grows is stored without its end: what is there is read, and then the stream fails. */
  const unzip = async (packed: Blob): Promise<string> => {
    const reader = packed.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
    const decoder = new TextDecoder()
    let text = ''
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += decoder.decode(part.value, { stream: true })
      }
    } catch (cause) {
      if (!String(cause).includes('truncated')) throw cause
    }
    return text
  }
  const unpack = async (value: unknown): Promise<unknown> => {
    if (value instanceof Blob) return unpack(new Uint8Array(await value.arrayBuffer()))
    if (value instanceof ArrayBuffer) return unpack(new Uint8Array(value))
    if (value instanceof Uint8Array) {
      if (value[0] !== 0x1f || value[1] !== 0x8b) return new TextDecoder().decode(value)
      return unzip(new Blob([value.slice()]))
    }
    if (Array.isArray(value)) return Promise.all(value.map(unpack))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(async ([key, each]) => [key, await unpack(each)])
    return Object.fromEntries(await Promise.all(entries))
  }
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name as string))
    for (const store of db.objectStoreNames) {
      const rows = await done(db.transaction(store).objectStore(store).getAll())
      found.push(name, store, await unpack(rows))
    }
    db.close()
  }
  return JSON.stringify(found)
}
