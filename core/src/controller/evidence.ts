import { isShown, showsContent } from './suspects.ts'

// Evidence of leaving, where nothing is known to be harmless. A menu that closes is none, whatever the router says: what
// was on show has gone, and something else is on show in the place that it had.

/** `onShow`: the elements with content of their own that are displayed now. Tells, later, whether the page has left. */
export function watchLeaving(onShow: readonly Element[]): () => boolean {
  /** All that is on show, with what it stands in. */
  const places = new Map<Node, Element | null>()
  const note = (node: Node | null): void => {
    if (node === null || places.has(node)) return
    places.set(node, parentOf(node))
    note(parentOf(node))
  }
  for (const element of onShow) for (const node of [element, ...element.childNodes]) note(node)
  // An icon is changed for another while a page is on show.
  const speaking = onShow.filter(hasWords)

  const placeOf = (node: Node): Element | null => {
    const place = places.get(node) ?? null
    return place === null || isOnShow(place) ? place : placeOf(place)
  }
  const isNew = (node: Node): boolean => !places.has(node) && isShown(node) && holdsContent(node)

  return () =>
    (speaking.length > 0 ? speaking : onShow).some((element) => {
      if (isOnShow(element)) return false
      const place = placeOf(element)
      return place !== null && [...place.childNodes, ...(place.shadowRoot?.childNodes ?? [])].some(isNew)
    })
}

export const hasWords = (node: Node): boolean => node instanceof Element && /\S/.test(node.textContent)

/** The element around it, through shadow roots. */
export const parentOf = (node: Node): Element | null =>
  node.parentElement ?? (node.parentNode as ShadowRoot | null)?.host ?? null

const isOnShow = (element: Element): boolean => element.isConnected && isShown(element)

const holdsContent = (node: Node): boolean =>
  node instanceof Element
    ? node.shadowRoot !== null || [node, ...node.querySelectorAll('*')].some(showsContent)
    : node instanceof Text && /\S/.test(node.data)
