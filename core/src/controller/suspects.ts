/** The recorder leaves elements with this attribute out, as it does blocked ones. */
export const QUARANTINE = 'data-amp-quarantine'

/** What a walk through the page finds. */
export interface Findings {
  /** The topmost nodes that were not there before. */
  readonly suspects: Node[]
  /** Elements with content of their own that are displayed now. Only looked for when nothing is known. */
  readonly onShow: Element[]
  /** What titles say that were not there before. They are never on show, so nothing tells that they have left. */
  readonly titles: string[]
  /** Document and open shadow roots. */
  readonly observable: Node[]
}

const SILENT = new Set(['SCRIPT', 'STYLE', 'LINK', 'META', 'TEMPLATE', 'NOSCRIPT', 'BASE'])
const PICTURES = new Set(['IMG', 'CANVAS', 'VIDEO', 'IFRAME', 'INPUT', 'TEXTAREA', 'SELECT', 'svg'])

/**
 * Walks the composed tree below `<body>`, and titles. With `seen`, descends into what was seen and collects
 * what was not, except inside blocked elements; without, collects what is on show.
 */
export function lookThrough(
  page: Document,
  seen: ((node: Node) => boolean) | null,
  isBlocked: (element: Element) => boolean = () => false,
): Findings {
  const findings: Findings = { suspects: [], onShow: [], titles: [], observable: [page] }
  const stack: Node[] = [...page.querySelectorAll('head > title, body')]
  const blocked = new Map<Element, boolean>()
  // Asked for few elements only: the decision behind it costs more than this whole walk.
  const leftOut = (element: Element | null): boolean => {
    if (element === null) return false
    let answer = blocked.get(element)
    if (answer === undefined) {
      answer = isBlocked(element)
      blocked.set(element, answer)
    }
    return answer
  }

  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const element = node.nodeType === Node.ELEMENT_NODE ? (node as Element) : null
    if (!carriesContent(node, element)) continue
    if (node.parentElement instanceof HTMLTitleElement && !seen?.(node))
      findings.titles.push(node.parentElement.text.trim())
    if (seen === null) {
      if (element !== null && showsContent(element) && isShown(element)) findings.onShow.push(element)
    } else if (!seen(node)) {
      if (!leftOut(node.parentElement) && !leftOut(element)) findings.suspects.push(node)
      continue
    }
    for (let child = node.lastChild; child !== null; child = child.previousSibling) stack.push(child)
    if (element?.shadowRoot) {
      findings.observable.push(element.shadowRoot)
      stack.push(...element.shadowRoot.childNodes)
    }
  }
  return findings
}

/** Has text of its own, or is a field or a picture. */
export function showsContent(element: Element): boolean {
  if (PICTURES.has(element.tagName)) return true
  for (let child = element.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === Node.TEXT_NODE && isText(child)) return true
  }
  return false
}

/** Takes part in the layout: neither it nor anything around it is `display: none`. */
export function isShown(node: Node): boolean {
  const element = node instanceof Element ? node : node.parentElement
  if (element === null) return true
  if (typeof element.checkVisibility === 'function')
    return element.checkVisibility() || hasContentsBox(element)
  return element.getClientRects().length > 0
}

/** `display: contents` makes no box of its own, but what it holds is on the screen. */
const hasContentsBox = (element: Element): boolean =>
  getComputedStyle(element).display === 'contents' &&
  element.parentElement !== null &&
  isShown(element.parentElement)

const carriesContent = (node: Node, element: Element | null): boolean =>
  element !== null ? !isSilent(element) : node.nodeType === Node.TEXT_NODE && isText(node)

/** An element that shows nothing of its own. */
export const isSilent = (node: Node | null): boolean =>
  SILENT.has((node as Partial<Element> | null)?.tagName ?? '')

const isText = (node: Node): boolean => /\S/.test((node as Text).data)
