import { blockProps, maskProps, type PrivacyProps, type PrivacySwitch } from '@session-replay-kit/core/props'
import { markElement } from './markElement.ts'

// Plain JavaScript without a Svelte import: these also work in Svelte 4.

/** What an action returns to Svelte. */
export interface PrivacyAction {
  update(when?: PrivacySwitch): void
  destroy(): void
}

/** `<p use:mask>`, `<p use:mask={isPrivate}>` or `<p use:mask={'conservative'}>`. Not in the server's HTML. */
export const mask = (element: Element, when?: PrivacySwitch): PrivacyAction =>
  follow(element, maskProps, when)

/** `<p use:block>` or `<p use:block={isPrivate}>` leaves the element out of the recording. Not in the server's HTML. */
export const block = (element: Element, when?: PrivacySwitch): PrivacyAction =>
  follow(element, blockProps, when)

function follow(
  element: Element,
  propsOf: (when?: PrivacySwitch) => PrivacyProps,
  first: PrivacySwitch,
): PrivacyAction {
  let unmark = markElement(element, propsOf(first))
  return {
    update(when) {
      const unmarkOld = unmark
      unmark = markElement(element, propsOf(when))
      unmarkOld()
    },
    destroy: () => unmark(),
  }
}
