import type { ComponentInternalInstance, VNode } from 'vue'

// `onDeactivated` comes when the next component is in the document already, so that it would pass for what is leaving, and
// `onActivated` waits as long as a `<Suspense>` around does. `<KeepAlive>` moves what it keeps by two functions on its
// own instance, and those are early enough.

const MOVES = ['activate', 'deactivate'] as const

type Move = (vnode: VNode, ...rest: unknown[]) => unknown

/** What Vue's types leave out. On a server the functions are missing. */
interface KeepAliveInstance {
  readonly type: { readonly __isKeepAlive?: boolean }
  readonly ctx: { [name in (typeof MOVES)[number]]?: Move }
}

const watched = new WeakSet<KeepAliveInstance>()
const away = new WeakSet<ComponentInternalInstance>()
const runs = new WeakMap<ComponentInternalInstance, Set<() => void>>()

/**
 * Tells whether a component is shown, each time just before a `<KeepAlive>` around it takes it out of the document or puts
 * it back. Returns the end of it.
 */
export function watchKept(instance: ComponentInternalInstance, run: (isShown: boolean) => void): () => void {
  const around: ComponentInternalInstance[] = []
  for (let each = instance; each.parent; each = each.parent) {
    const parent = each.parent as unknown as KeepAliveInstance
    if (!parent.type.__isKeepAlive) continue
    around.push(each)
    watchMoves(parent)
  }
  const tell = (): void => run(!around.some((each) => away.has(each)))
  for (const each of around) runs.set(each, (runs.get(each) ?? new Set()).add(tell))
  return () => {
    for (const each of around) runs.get(each)?.delete(tell)
  }
}

function watchMoves(keepAlive: KeepAliveInstance): void {
  if (watched.has(keepAlive)) return
  watched.add(keepAlive)
  for (const name of MOVES) {
    const move = keepAlive.ctx[name]
    if (!move) continue
    keepAlive.ctx[name] = (vnode, ...rest) => {
      const { component } = vnode
      if (component) {
        if (name === 'activate') away.delete(component)
        else away.add(component)
        for (const run of runs.get(component) ?? []) run()
      }
      return move(vnode, ...rest)
    }
  }
}
