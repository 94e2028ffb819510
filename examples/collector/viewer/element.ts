type Child = Node | string | number | null | undefined | false
type Props = Record<string, unknown>

/**
 * Makes an element: `on…` props become listeners, properties that the element has are set, the rest become
 * attributes. `null`, `undefined` and `false` mean: leave it out.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value as EventListener)
    else if (name === 'class') element.className = String(value)
    else if (name === 'style') element.style.cssText = String(value)
    else if (name in element && !name.includes('-')) Object.assign(element, { [name]: value })
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...nodesOf(children))
  return element
}

export function replace(parent: Element, ...children: (Child | Child[])[]): void {
  parent.replaceChildren(...nodesOf(children))
}

function nodesOf(children: (Child | Child[])[]): (Node | string)[] {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)))
}

/** A line icon of 20 × 20, drawn with the colour of the text around it. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 20 20')
  svg.setAttribute('aria-hidden', 'true')
  svg.classList.add('icon')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', PATHS[name])
  if (FILLED.has(name)) svg.classList.add('icon-filled')
  svg.append(path)
  return svg
}

const FILLED = new Set<string>(['play', 'pause'])
const PATHS = {
  play: 'M6 4.2v11.6a.8.8 0 0 0 1.2.7l9.3-5.8a.8.8 0 0 0 0-1.4L7.2 3.500A.8.8 0 0 0 6 4.200Z',
  pause: 'M5.5 4h3v12h-3zM11.5 4h3v12h-3z',
  back: 'M9 5 4 10l5 5M4.5 10H16',
  lens: 'M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM12.5 12.5 17 17',
  skip: 'M4 5l6 5-6 5zM11 5l6 5-6 5z',
  gear: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.600l.7-10',
  film: 'M3 4.500h14v11H3zM7 4.500v11M13 4.500v11',
} as const
