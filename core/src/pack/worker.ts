import { createPackHost } from './pack-host.ts'
import type { PackAnswer, PackMessage } from './worker-protocol.ts'

interface WorkerScope {
  onmessage: ((event: { data: PackMessage }) => void) | null
  postMessage(answer: PackAnswer, transfer?: Transferable[]): void
}

/** Lets `scope` obey the packing protocol. It owns no policy: text in, gzip pieces out. */
function serve(scope: WorkerScope): void {
  const host = createPackHost((answer) => {
    scope.postMessage(answer, answer.kind === 'piece' ? [answer.bytes.buffer as ArrayBuffer] : [])
  })
  scope.onmessage = ({ data }) => {
    try {
      host(data)
    } catch (cause) {
      scope.postMessage({ kind: 'failed', message: String(cause) })
    }
  }
  scope.postMessage({ kind: 'ready' })
}

// The entry of the worker's own bundle; imported anywhere else it does nothing.
if ('WorkerGlobalScope' in globalThis) serve(globalThis as unknown as WorkerScope)
