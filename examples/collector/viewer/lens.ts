import { h, replace } from './element.ts'
import {
  describe,
  explainNode,
  isBlocked,
  isMasked,
  type ReplayMirror,
  type ReplayPolicy,
} from './node-privacy.ts'

/** Enough to see the pattern; more would only cost time. */
const MOST_BOXES = 500
const REDRAW_MS = 300

export interface LensDeps {
  stage: HTMLElement
  frame(): HTMLIFrameElement | null
  mirror(): ReplayMirror
  scale(): number
  policy(): ReplayPolicy
}

/**
 * Shows over the replay what was masked (amber) and blocked (red), and for the node under the pointer which rule
 * did it. Call the returned function to take it away.
 */
export function startLens({ stage, frame, mirror, scale, policy }: LensDeps): () => void {
  const boxes = h('div', { class: 'lens-boxes' })
  const focus = h('div', { class: 'lens-focus', hidden: true })
  const card = h('div', { class: 'lens-card', hidden: true, role: 'status' })
  const marks = h('div', {}, boxes, focus)
  const glass = h('div', { class: 'lens' }, marks, card)
  stage.append(glass)

  /** Where an element of the recorded page lies on the stage. */
  const place = (element: Element, target: HTMLElement): void => {
    const { left, top, width, height } = rectInFrame(element)
    target.style.cssText = `left:${left * scale()}px;top:${top * scale()}px;width:${width * scale()}px;height:${height * scale()}px`
  }

  /** Below the fold of the recorded window nothing is drawn. */
  const clip = (): void => {
    const outer = frame()?.getBoundingClientRect()
    if (!outer) return
    const { left, top } = glass.getBoundingClientRect()
    marks.style.cssText = `position:absolute;overflow:hidden;left:${outer.left - left}px;top:${outer.top - top}px;width:${outer.width}px;height:${outer.height}px`
  }

  const draw = (): void => {
    const page = frame()?.contentDocument
    if (!page) return
    clip()
    const drawn: HTMLElement[] = []
    for (const element of elementsIn(page)) {
      if (drawn.length >= MOST_BOXES) break
      const kind = isBlocked(element, mirror()) ? 'blocked' : isMasked(element) ? 'masked' : null
      if (!kind || element.getClientRects().length === 0) continue
      const box = h('div', { class: `lens-box lens-${kind}` })
      place(element, box)
      drawn.push(box)
    }
    replace(boxes, drawn)
  }

  const onMove = (event: PointerEvent): void => {
    const found = elementAt(frame(), event, scale())
    focus.hidden = card.hidden = !found
    if (!found) return
    const { visibility, rule } = explainNode(found, mirror(), policy())
    place(found, focus)
    focus.className = `lens-focus lens-${visibility}`
    replace(
      card,
      h('strong', { class: `lens-${visibility}` }, visibility),
      h('code', {}, describe(found)),
      h('span', {}, rule),
    )
    const origin = glass.getBoundingClientRect()
    const x = Math.min(event.clientX - origin.left + 14, origin.width - card.offsetWidth - 8)
    const y = Math.min(event.clientY - origin.top + 18, origin.height - card.offsetHeight - 8)
    card.style.cssText = `left:${Math.max(8, x)}px;top:${Math.max(8, y)}px`
  }
  const onLeave = (): void => {
    focus.hidden = card.hidden = true
  }

  glass.addEventListener('pointermove', onMove)
  glass.addEventListener('pointerleave', onLeave)
  draw()
  const timer = setInterval(draw, REDRAW_MS)
  return () => {
    clearInterval(timer)
    glass.remove()
  }
}

function elementAt(frame: HTMLIFrameElement | null, event: PointerEvent, scale: number): Element | null {
  if (!frame) return null
  const box = frame.getBoundingClientRect()
  let x = (event.clientX - box.left) / scale
  let y = (event.clientY - box.top) / scale
  let root: Document | ShadowRoot | null | undefined = frame.contentDocument
  let found: Element | null = null
  // Down into frames and shadow trees, to the innermost element.
  for (;;) {
    const next: Element | null = root?.elementFromPoint(x, y) ?? null
    if (!next || next === found) return found
    found = next
    if (next.localName === 'iframe') {
      const inner = next.getBoundingClientRect()
      x -= inner.left
      y -= inner.top
      root = (next as HTMLIFrameElement).contentDocument
    } else if (next.shadowRoot) root = next.shadowRoot
    else return found
  }
}

/** An element's place in the outermost recorded page, inner frames added up. */
function rectInFrame(element: Element): { left: number; top: number; width: number; height: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  const parentFrame = element.ownerDocument.defaultView?.frameElement
  if (!parentFrame?.ownerDocument.defaultView?.frameElement) return { left, top, width, height }
  const outer = rectInFrame(parentFrame)
  return { left: left + outer.left, top: top + outer.top, width, height }
}

function* elementsIn(root: Document | ShadowRoot): Generator<Element> {
  for (const element of root.querySelectorAll('*')) {
    yield element
    if (element.shadowRoot) yield* elementsIn(element.shadowRoot)
    if (element.localName === 'iframe') {
      const inner = (element as HTMLIFrameElement).contentDocument
      if (inner) yield* elementsIn(inner)
    }
  }
}
