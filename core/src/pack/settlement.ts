/** Lets callers wait until certain batches are done with, whatever became of them. */
export interface Settlement {
  whenSettled(sequences: Iterable<number>): Promise<void>
  settle(sequence: number): void
}

export function createSettlement(): Settlement {
  const waiters = new Set<{ readonly sequences: Set<number>; readonly resolve: () => void }>()
  return {
    whenSettled(awaited) {
      const sequences = new Set(awaited)
      if (sequences.size === 0) return Promise.resolve()
      return new Promise((resolve) => waiters.add({ sequences, resolve }))
    },
    settle(sequence) {
      for (const waiter of waiters) {
        if (!waiter.sequences.delete(sequence) || waiter.sequences.size > 0) continue
        waiters.delete(waiter)
        waiter.resolve()
      }
    },
  }
}
