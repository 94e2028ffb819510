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
  const startFile = workerUrl ? () => new Worker(trusted(workerUrl)) : startFileWorker
  const blob: WorkerCandidate = { kind: 'blob', start: startBlobWorker }
  return startFile ? [{ kind: 'file', start: startFile }, blob] : [blob]
}

async function startBlobWorker(): Promise<Worker> {
  const { blobWorkerSource } = await import('./blob-worker-source.ts')
  if (!blobWorkerSource) throw new Error('this build carries no worker source')
  const url = URL.createObjectURL(new Blob([blobWorkerSource], { type: 'text/javascript' }))
  try {
    return new Worker(trusted(url))
  } finally {
    // The worker has begun to fetch it by then: see "run a worker" in the HTML standard.
    URL.revokeObjectURL(url)
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string
  }
}

/**
 * Under `require-trusted-types-for 'script'` a page takes the address of a worker from a policy alone; ours has to be
 * allowed by name. Where it is not, this throws, and no worker can be had.
 */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  // A name can be used once only, and each refusal is reported to the site.
  if (refusal) throw refusal
  try {
    policy ??= trustedTypes?.createPolicy('session-replay-kit', { createScriptURL: (own) => own })
  } catch (cause) {
    refusal = cause
    throw cause
  }
  return policy ? policy.createScriptURL(url) : url
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined
let refusal: unknown
