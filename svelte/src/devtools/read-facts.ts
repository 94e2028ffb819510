import type { Explanation } from '@session-replay-kit/core'

/** What the panel shows of `explain()`. */
export interface Facts {
  sentence: string
  /** Every question on the way to the decision; `passed` is null for those that were not asked. */
  steps: { check: string; passed: boolean | null; detail: string }[]
  requests: number
  sentKiB: string
  lastUpload: string
}

/** The recorder explains itself only while it is there; what it does not tell is shown as nothing. */
export function readFacts({ sentence, recorder }: Explanation): Facts {
  const { requests = 0, bytesSent = 0, lastUploadAt = null } = recorder?.delivery?.upload ?? {}
  return {
    sentence,
    steps: recorder?.steps ?? [],
    requests,
    sentKiB: (bytesSent / 1024).toFixed(1),
    lastUpload: lastUploadAt === null ? 'none yet' : new Date(lastUploadAt).toLocaleTimeString(),
  }
}
