import { startFileWorker } from './file-worker.ts'

export type PackerKind = 'file' | 'blob' | 'main'

/** One way to get a worker. A throw or a rejection means that it is not possible here. */
export interface WorkerCandidate {
  readonly kind: 'file' | 'blob'
  start(): Worker | Promise<Worker>
}

/**
 * The ways to get a worker, best first. A file needs nothing special in a Content-Security-Policy when it is
 * the site's own; `blob:` needs `worker-src blob:`, but works where the file is on another origin or was not
 * shipped.
 */
export function workerCandidates(workerUrl?: string): WorkerCandidate[] {
  const startFile = workerUrl ? () => new Worker(workerUrl) : startFileWorker
  const blob: WorkerCandidate = { kind: 'blob', start: startBlobWorker }
  return startFile ? [{ kind: 'file', start: startFile }, blob] : [blob]
}

async function startBlobWorker(): Promise<Worker> {
  const { blobWorkerSource } = await import('./blob-worker-source.ts')
  if (!blobWorkerSource) throw new Error('this build carries no worker source')
  const url = URL.createObjectURL(new Blob([blobWorkerSource], { type: 'text/javascript' }))
  try {
    return new Worker(url)
  } finally {
    // The worker has begun to fetch it by then: see "run a worker" in the HTML standard.
    URL.revokeObjectURL(url)
  }
}
