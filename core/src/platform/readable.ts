import type { Stop } from '../types.ts'

/** One value to read and to follow. `subscribe` calls at once, as Svelte's stores do. */
export interface Readable<T> {
  get(): T
  subscribe(run: (value: T) => void): Stop
}

/** A `Readable` with the right to change it. Subscribers hear of a value only if it is another one. */
export interface Writable<T> extends Readable<T> {
  set(value: T): void
}

/** Holds one value. A subscriber that throws keeps nobody else from hearing. */
export function createValue<T>(initial: T): Writable<T> {
  let value = initial
  const subscribers = new Set<{ run: (value: T) => void }>()
  const tell = ({ run }: { run: (value: T) => void }) => {
    try {
      run(value)
    } catch {
      // Its own problem: nothing here depends on it.
    }
  }
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const subscriber of [...subscribers]) if (subscribers.has(subscriber)) tell(subscriber)
    },
    subscribe(run) {
      // An object of its own, so that the same function can be subscribed twice.
      const subscriber = { run }
      subscribers.add(subscriber)
      tell(subscriber)
      return () => {
        subscribers.delete(subscriber)
      }
    },
  }
}
