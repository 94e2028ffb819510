import type { ReplayMatchers } from '@session-replay-kit/core/testing'

declare module 'vitest' {
  interface Matchers<T> extends ReplayMatchers<T> {}
}
