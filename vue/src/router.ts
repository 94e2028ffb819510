import type { ReplayRouteMeta } from '@session-replay-kit/core'
// The augmentation below needs the module it augments.
import type {} from 'vue-router'

export { connectVueRouter, type RouteLike, type RouterLike } from './connectVueRouter.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** `'deny'`: never recorded. `{ mask }`: recorded at this level or a stricter one. A parent's counts, too. */
    replay?: ReplayRouteMeta
  }
}
