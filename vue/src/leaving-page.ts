import { type ComponentInternalInstance, nextTick, onBeforeUnmount, onBeforeUpdate, type VNode } from 'vue'
import { watchKept } from './watch-kept.ts'

// A router has a new current route before anything of it is rendered, and under `<Suspense>` the page before stays on
// show for as long as the next one waits for its data. What is on show is told by the components themselves: a page has
// left when each of them is unmounted, put away by `<KeepAlive>`, or rendered anew for the next route.

/** What a page was made of when the router left it. */
export interface LeavingPage {
  /** Some of it is on show still. */
  isShown(): boolean
  /** The router has left the page that these components show. */
  leave(components: readonly ComponentInternalInstance[]): void
  stop(): void
}

/** Calls `onLeft` once for each page, when the last of it is about to leave: it is in the document still. */
export function createLeavingPage(onLeft: () => void): LeavingPage {
  const staying = new Map<ComponentInternalInstance, VNode>()
  const watched = new WeakSet<ComponentInternalInstance>()

  const check = (gone?: ComponentInternalInstance): void => {
    if (staying.size === 0) return
    for (const [each, vnode] of staying) {
      if (each === gone || each.vnode !== vnode || !isInDocument(each)) staying.delete(each)
    }
    if (staying.size === 0) onLeft()
  }

  /** Hooks cannot be taken back, so each component gets them once. */
  const watch = (component: ComponentInternalInstance): void => {
    if (watched.has(component)) return
    watched.add(component)
    const unwatch = watchKept(component, (isKeptShown) => {
      if (!isKeptShown) check(component)
    })
    onBeforeUpdate(() => check(), component)
    onBeforeUnmount(() => {
      unwatch()
      check(component)
    }, component)
  }

  return {
    isShown: () => staying.size > 0,
    leave(components) {
      for (const each of components.map(wholeOf).filter(isInDocument)) {
        staying.set(each, each.vnode)
        watch(each)
      }
      // What the next route shows as well may need no update.
      void nextTick().then(() => check())
    },
    stop: () => staying.clear(),
  }
}

/** An async component is rendered by a wrapper, which does not render anew for a route. */
const wholeOf = (component: ComponentInternalInstance): ComponentInternalInstance =>
  component.parent && '__asyncLoader' in component.parent.type ? component.parent : component

/** Not what waits in a `<Suspense>` or is kept by `<KeepAlive>`. */
const isInDocument = ({ vnode }: ComponentInternalInstance): boolean => Boolean(vnode.el?.isConnected)
