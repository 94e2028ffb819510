import { isShown, lookThrough, showsContent } from './suspects.ts'

// Evidence of leaving, where nothing is known to be harmless. A menu that closes is none, whatever the router says: what
// was on show has gone, and something else is on show in the place that it had. Where apps have several places for their
// pages, most words have to go instead, and others to come.

/**
 * `onShow`: the elements with content of their own that are displayed now, but for those of the next page that is in
 * already (`isNext`). Tells, later, whether the page has left.
 */
export function watchLeaving(onShow: readonly Element[], isNext: (node: Node) => boolean): () => boolean {
  /** All that was on show, with what it stood in. */
  const places = new Map<Node, Element | null>()
  const note = (node: Node | null): void => {
    if (node === null || places.has(node) || isNext(node)) return
    places.set(node, parentOf(node))
    note(parentOf(node))
  }
  for (const element of onShow) for (const node of [element, ...element.childNodes]) note(node)

  const there = onShow.filter((element) => places.has(element))
  // An icon is changed for another while a page is on show.
  const speaking = there.filter(hasWords)
  const watched = new Map(
    (speaking.length > 0 ? speaking : there).map((element) => [element, amountOf(element)]),
  )

  const placeOf = (node: Node): Element | null => {
    const place = places.get(node) ?? null
    return place === null || isOnShow(place) ? place : placeOf(place)
  }
  const isNew = (node: Node): boolean => !places.has(node) && isShown(node) && holdsContent(node)
  const isTaken = (place: Element | null): boolean =>
    place !== null && [...place.childNodes, ...(place.shadowRoot?.childNodes ?? [])].some(isNew)

  const isMost = (gone: readonly Element[]): boolean =>
    2 * sum(gone.map((element) => watched.get(element) ?? 0)) > sum([...watched.values()])
  const hasOthers = (): boolean =>
    lookThrough(document, null).onShow.some((element) => !places.has(element) && hasWords(element))

  return () => {
    const gone = [...watched.keys()].filter((element) => !isOnShow(element))
    return [...new Set(gone.map(placeOf))].some(isTaken) || (isMost(gone) && hasOthers())
  }
}

export const hasWords = (node: Node): boolean => node instanceof Element && /\S/.test(node.textContent)

/** The element around it, through shadow roots. */
export const parentOf = (node: Node): Element | null =>
  node.parentElement ?? (node.parentNode as ShadowRoot | null)?.host ?? null

const isOnShow = (element: Element): boolean => element.isConnected && isShown(element)

function holdsContent(node: Node): boolean {
  if (!(node instanceof Element)) return node instanceof Text && /\S/.test(node.data)
  if (node.shadowRoot !== null || showsContent(node)) return true
  for (const each of node.getElementsByTagName('*')) if (showsContent(each)) return true
  return false
}

/** Characters of its own text. */
const amountOf = (element: Element): number =>
  Math.max(
    1,
    sum([...element.childNodes].map((node) => (node instanceof Text ? node.data.trim().length : 0))),
  )

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
