import type { BatchHeader } from '../types.ts'
import type { BatchRow, Disk } from './disk.ts'
import type { Ownership } from './ownership.ts'
import type { AdoptedBatch, CloseStream } from './store.ts'

export interface AdoptionDeps {
  disk: Disk
  ownership: Ownership
  /** This page's own tab, whose rows are dead only if memory knows nothing of them. */
  tabId: string
  closeStream: CloseStream
  /** Epoch ms: what ended before is too old to be sent. */
  oldestAt: number
  isKnown(header: BatchHeader): boolean
  keep(row: BatchRow): void
  drop(row: BatchRow, reason: 'too-old'): void
}

/** Takes what dead tabs left and this page may have. Rejects if the disk fails. */
export async function adoptDead(deps: AdoptionDeps): Promise<AdoptedBatch[]> {
  const { disk, ownership, tabId } = deps
  const byAge = (await disk.list()).sort((a, b) => a.header.openedAt - b.header.openedAt)
  const tabs = new Set(byAge.filter(({ header }) => !deps.isKnown(header)).map(({ header }) => header.tabId))
  const adopted: AdoptedBatch[] = []
  for (const tab of tabs) {
    if (!(await ownership.claim(tab))) continue
    // Listed again, now that nobody else can send them: a former owner may have finished meanwhile.
    const rows = (await disk.list(tab)).filter(({ header }) => !deps.isKnown(header))
    const fresh = rows.filter((row) => row.lastEventAt >= deps.oldestAt)
    let taken = 0
    for (const row of fresh) {
      const closed = row.closed ? row : await disk.finish(row.header, deps.closeStream)
      if (!closed) continue
      deps.keep(closed)
      adopted.push({ header: closed.header, lastEventAt: closed.lastEventAt })
      taken += 1
    }
    for (const row of rows) if (!fresh.includes(row)) deps.drop(row, 'too-old')
    if (taken === 0 && tab !== tabId) ownership.release(tab)
  }
  return adopted
}
