export interface SelectorLimits {
  /** Selectors tried on the document before giving up. @default 10000 */
  maxNumberOfTries?: number | undefined
  /** Ways to name one element (id, classes, tag) that are considered. @default 1000 */
  threshold?: number | undefined
  /** Time after which to give up, in ms. @default no limit */
  timeoutMs?: number | undefined
}

/**
 * A short CSS selector that matches this element alone, or undefined if the limits are too narrow.
 * Made of ids, classes, tags and positions, never of other attributes or text. An element in a shadow tree
 * is named by its outermost host. With `structureOnly` neither ids nor classes are used.
 */
export function findSelector(
  target: Element,
  limits: SelectorLimits = {},
  structureOnly = false,
): string | undefined {
  const element = lightElement(target)
  const root = element.ownerDocument
  const deadline = limits.timeoutMs ? performance.now() + limits.timeoutMs : Number.POSITIVE_INFINITY
  let tries = limits.maxNumberOfTries ?? 10_000
  const isUnique = (selector: string): boolean => {
    if (--tries < 0 || performance.now() > deadline) throw LIMIT
    const found = root.querySelectorAll(selector)
    return found.length === 1 && found[0] === element
  }

  try {
    let tail: string[] = []
    for (let node: Element | null = element; node; node = node.parentElement) {
      const names = structureOnly ? [node.localName] : namesOf(node, limits.threshold ?? 1000)
      const position = positionOf(node)
      for (const name of [...names, position]) {
        const path = [name, ...tail]
        if (isUnique(path.join(' > '))) return shorten(path, isUnique)
      }
      tail = [position, ...tail]
    }
  } catch (error) {
    if (error !== LIMIT) throw error
  }
  return undefined
}

const LIMIT = Symbol('limit reached')

function lightElement(element: Element): Element {
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? lightElement(root.host) : element
}

function namesOf(element: Element, threshold: number): string[] {
  const tag = CSS.escape(element.localName)
  const names = element.id ? [`#${CSS.escape(element.id)}`] : []
  for (const name of element.classList) names.push(`.${CSS.escape(name)}`)
  names.push(tag)
  for (const name of element.classList) names.push(`${tag}.${CSS.escape(name)}`)
  return names.length <= threshold ? names : [tag]
}

function positionOf(element: Element): string {
  const tag = CSS.escape(element.localName)
  const siblings = [...(element.parentElement?.children ?? [])].filter(
    (sibling) => sibling.localName === element.localName,
  )
  return siblings.length > 1 ? `${tag}:nth-of-type(${siblings.indexOf(element) + 1})` : tag
}

/** Leaves out every step between first and last that is not needed. */
function shorten(path: string[], isUnique: (selector: string) => boolean): string {
  const steps = path.map((name, at) => ({ name, joint: at === 0 ? '' : ' > ' }))
  const text = (): string => steps.map(({ name, joint }) => joint + name).join('')
  for (let at = 1; at < steps.length - 1; ) {
    const [left] = steps.splice(at, 1)
    const next = steps[at]
    if (!left || !next) break
    const { joint } = next
    next.joint = ' '
    if (isUnique(text())) continue
    next.joint = joint
    steps.splice(at, 0, left)
    at++
  }
  return text()
}
