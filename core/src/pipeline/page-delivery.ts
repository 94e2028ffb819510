import { keepListening } from '../capture/document-swap.ts'
import { watchFocus, watchFreeze, watchPageHide, watchRestore, watchVisibility } from '../platform/page.ts'
import { createDelivery, type Delivery, type DeliveryDeps } from './delivery.ts'

export interface PageDeliveryDeps extends Omit<DeliveryDeps, 'tabId'> {
  /** The page is left, perhaps for good: the last moment to hand events over. */
  onLeave(): void
  onFocus(): void
  /** The page got or lost the focus, or is back from the back/forward cache: a moment to decide again. */
  onAttention(): void
}

/** A delivery that follows the life of its page. */
export function startPageDelivery(deps: PageDeliveryDeps): Delivery {
  const { report } = deps
  const delivery = createDelivery({ ...deps, tabId: createTabId() })
  const leave = (final: boolean): void => {
    deps.onLeave()
    delivery.leave(final)
  }
  const listen = () => {
    const stops = [
      watchVisibility((visible) => visible || leave(false), report),
      watchFreeze(() => leave(false), report),
      watchPageHide(() => leave(true), report),
      watchFocus((focused) => {
        if (focused) deps.onFocus()
        else void delivery.close('hidden')
        deps.onAttention()
      }, report),
      watchRestore(() => {
        delivery.comeBack()
        deps.onAttention()
      }, report),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }
  const stop = keepListening(listen, report)
  return {
    ...delivery,
    async end() {
      // Not before the last batch is away: until then the page may still be left.
      await delivery.end()
      stop()
    },
  }
}

/** Names this page. Never kept: a duplicated tab must not inherit it. */
function createTabId(): string {
  // crypto.randomUUID exists on secure pages only.
  return (
    globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
  )
}
