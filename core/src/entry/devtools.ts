import type { Stop } from '../types.ts'
import { sharedRecorder } from './shared-recorder.ts'

/** Elements looked at in one go; a page with more shows the first ones. */
const MOST_ELEMENTS = 3000
const COLOURS = { visible: '#1f9d55', masked: '#d97706', blocked: '#dc2626' } as const

type Visibility = keyof typeof COLOURS

interface Found {
  element: Element
  visibility: Visibility
  rule: string
}

/**
 * For development: outlines what a recording of this page shows (green), masks (amber) and leaves out (red), and names
 * the rule under the pointer. Follows the page until the returned function is called. The overlay itself is never
 * recorded. Needs a recorder that has started; without one it says so. Keep it out of production: import it lazily.
 *
 * @example
 * const { showPrivacy } = await import('@session-replay-kit/core/devtools')
 * const hide = showPrivacy()
 */
export function showPrivacy(): Stop {
  if (typeof document === 'undefined') return () => {}
  const host = document.createElement('div')
  // Its box is left out of the recording with all that is drawn in it.
  host.setAttribute('data-amp-block', '')
  host.style.cssText = 'position:fixed;inset:0;pointer-events:none;z-index:2147483647'
  const layer = host.attachShadow({ mode: 'open' })
  const label = document.createElement('div')
  label.style.cssText =
    'position:fixed;left:8px;bottom:8px;max-width:60ch;padding:6px 10px;border-radius:6px;background:#111;color:#fff;font:12px/1.4 system-ui,sans-serif'
  document.documentElement.append(host)

  let found: Found[] = []
  let frame = 0

  const draw = (): void => {
    frame = 0
    const pipeline = sharedRecorder.get()?.pipeline()
    found = pipeline ? look(pipeline.explainNode) : []
    label.textContent = found.length > 0 ? '' : 'Session Replay: nothing is recorded on this page yet.'
    layer.replaceChildren(...found.map(box), label)
    label.hidden = label.textContent === ''
  }
  const drawSoon = (): void => {
    if (frame === 0) frame = requestAnimationFrame(draw)
  }
  const onPointer = (event: PointerEvent): void => {
    const at = document.elementFromPoint(event.clientX, event.clientY)
    const hit = found.findLast(({ element }) => at !== null && element.contains(at))
    label.textContent = hit ? `${hit.visibility}: ${hit.rule}` : ''
    label.hidden = hit === undefined
  }

  const observer = new MutationObserver(drawSoon)
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  addEventListener('scroll', drawSoon, { capture: true, passive: true })
  addEventListener('resize', drawSoon)
  addEventListener('pointermove', onPointer, { passive: true })
  const unfollow = sharedRecorder.status.subscribe(drawSoon)

  return () => {
    cancelAnimationFrame(frame)
    observer.disconnect()
    removeEventListener('scroll', drawSoon, { capture: true })
    removeEventListener('resize', drawSoon)
    removeEventListener('pointermove', onPointer)
    unfollow()
    host.remove()
  }
}

/** The elements at which the decision changes, and those that show text or a value of their own. */
function look(explain: (element: Element) => { visibility: Visibility; rule: string } | null): Found[] {
  const found: Found[] = []
  const walk = (element: Element, above: Visibility): void => {
    if (found.length >= MOST_ELEMENTS) return
    const decision = explain(element)
    if (!decision) return
    const { visibility } = decision
    if (visibility !== above || (visibility === 'visible' && hasOwnText(element)))
      found.push({ element, ...decision })
    if (visibility === 'blocked') return
    for (const child of element.shadowRoot?.children ?? []) walk(child, visibility)
    for (const child of element.children) walk(child, visibility)
  }
  if (document.body) walk(document.body, 'visible')
  return found
}

const hasOwnText = (element: Element): boolean =>
  /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) ||
  [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
  )

function box({ element, visibility }: Found): HTMLElement {
  const { left, top, width, height } = element.getBoundingClientRect()
  const colour = COLOURS[visibility]
  const fill = visibility === 'visible' ? 'transparent' : `${colour}22`
  const drawn = document.createElement('div')
  drawn.style.cssText = `position:fixed;left:${left}px;top:${top}px;width:${width}px;height:${height}px;outline:1px solid ${colour};outline-offset:-1px;background:${fill}`
  drawn.dataset.visibility = visibility
  return drawn
}
