import { PRIVACY_ATTRIBUTES } from '@session-replay-kit/core/props'

/** The privacy attributes of an element as they are in the document; null where one is missing. */
export const readMarks = (element: Element): Record<string, string | null> =>
  Object.fromEntries(PRIVACY_ATTRIBUTES.map((mark) => [mark, element.getAttribute(mark)]))
