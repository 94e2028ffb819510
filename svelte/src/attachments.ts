import { blockProps, maskProps, type PrivacySwitch } from '@session-replay-kit/core/props'
import type { Attachment } from 'svelte/attachments'
import { markElement } from './markElement.ts'

/**
 * `<p {@attach ampMask()}>` masks the element, `ampMask(level)` sets a level below it. The attribute comes in the
 * task that inserts the element, but is not in the server's HTML: prefer `{...maskProps()}` where you can spread.
 */
export const ampMask =
  (when: PrivacySwitch = true): Attachment<Element> =>
  (element) =>
    markElement(element, maskProps(when))

/** `<p {@attach ampBlock()}>` leaves the element out of the recording. Not in the server's HTML, as `ampMask`. */
export const ampBlock =
  (when: PrivacySwitch = true): Attachment<Element> =>
  (element) =>
    markElement(element, blockProps(when))
