/** How `outlineOf` describes a document. */
export interface OutlineOptions {
  /**
   * Write the page as a recording at this mask level may show it, so that a live page can be compared with its
   * replay. Leave out for the document of a replay, which was masked when it was recorded.
   * Uses the markers only (`amp-mask`, `data-amp-mask`, …): a second opinion, not the recorder's own code.
   */
  maskAs?: 'light' | 'medium' | 'conservative'
  /** Computed style properties to include, e.g. `['color', 'display']`. @default none */
  styles?: string[]
  /** Attributes to include, e.g. `['id', 'title']`; those of masked elements are left out. @default none */
  attributes?: string[]
}

/**
 * A document as lines of text, one per element or text: tag, class, values and text, through shadow trees and
 * same-origin frames. Two documents that look the same have equal outlines. Self-contained, so that it can be handed
 * to Playwright's `page.evaluate`.
 */
export function outlineOf(root: Document, options: OutlineOptions = {}): string[] {
  const SKIPPED = new Set([
    'SCRIPT',
    'NOSCRIPT',
    'STYLE',
    'LINK',
    'META',
    'TITLE',
    'BASE',
    'TEMPLATE',
    'HEAD',
  ])
  const SECRET = new Set(['password', 'email', 'tel', 'hidden'])
  const lines: string[] = []
  const { maskAs, styles = [], attributes = [] } = options

  const stars = (text: string): string => text.replace(/[^\s]/g, '*')
  const marked = (element: Element, name: string): boolean =>
    element.classList.contains(`amp-${name}`) || element.hasAttribute(`data-amp-${name}`)

  // A recording holds whole addresses.
  const attributeOf = (element: Element, name: string): string | null =>
    element.hasAttribute(name) && /^(href|src)$/.test(name)
      ? String((element as unknown as Record<string, unknown>)[name])
      : element.getAttribute(name)

  const shownValue = (
    field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
    mark: string,
  ): string => {
    const type = field.getAttribute('type')?.toLowerCase() ?? 'text'
    if (type === 'checkbox' || type === 'radio' || type === 'file') {
      if (mark === 'mask') return ''
      const isHidden = maskAs === 'conservative' && mark !== 'unmask'
      return String(!isHidden && (field as HTMLInputElement).checked)
    }
    const autocomplete = field.getAttribute('autocomplete') ?? ''
    const secret =
      SECRET.has(type) || /(^|\s)(cc-|one-time-code|current-password|new-password)/.test(autocomplete)
    // The recorder hides the length of secrets as well: that there is something is all that can be compared.
    if (secret) return field.value && '(secret)'
    if (!maskAs) return field.value
    if (mark === 'mask') return stars(field.value)
    if (mark === 'unmask' || maskAs === 'light') return field.value
    if (['submit', 'button', 'reset'].includes(type))
      return maskAs === 'conservative' ? stars(field.value) : field.value
    return stars(field.value)
  }

  const walk = (node: Node, depth: string, mark: string): void => {
    if (node.nodeType === 3) {
      const hidden = maskAs && (mark === 'mask' || (maskAs === 'conservative' && mark !== 'unmask'))
      const text = (node.textContent ?? '').replace(/\s+/g, ' ').trim()
      if (!text) return
      const shown = hidden ? stars(text) : text
      const last = lines.at(-1)
      // Neighbouring text nodes look like one: they may be split differently.
      if (last?.startsWith(`${depth}"`)) lines[lines.length - 1] = `${last} ${shown}`
      else lines.push(`${depth}"${shown}`)
      return
    }
    if (node.nodeType !== 1) return
    const element = node as Element
    if (SKIPPED.has(element.tagName)) return
    const box = element.ownerDocument.defaultView?.getComputedStyle(element)
    const look = styles.map((name) => box?.getPropertyValue(name) ?? '').join(' ')
    // What stays of a restricted page is left out in the same way.
    if (marked(element, 'block') || marked(element, 'quarantine')) {
      lines.push(`${depth}${element.tagName} blocked`)
      return
    }
    const inside =
      mark === 'mask' || marked(element, 'mask')
        ? 'mask'
        : mark === 'unmask' || marked(element, 'unmask')
          ? 'unmask'
          : ''
    const isField = /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)
    const value = isField ? ` = ${shownValue(element as HTMLInputElement, inside)}` : ''
    const shown = inside === 'mask' ? [] : attributes.filter((name) => element.hasAttribute(name))
    const more = shown.map((name) => `[${name}=${attributeOf(element, name)}]`).join('')
    lines.push(
      `${depth}${element.tagName} .${[...element.classList].filter((name) => name !== ':hover' && !name.startsWith('rrweb-')).join('.')}${value}${more} ${look}`.trimEnd(),
    )
    if (element.tagName === 'TEXTAREA' || element.tagName === 'SELECT') return
    const frame = element.tagName === 'IFRAME' ? (element as HTMLIFrameElement).contentDocument : null
    if (frame) walkAll(frame.body?.childNodes ?? [], `${depth}  | `, inside)
    if (element.shadowRoot) walkAll(element.shadowRoot.childNodes, `${depth}  # `, inside)
    walkAll(element.childNodes, `${depth}  `, inside)
  }
  const walkAll = (nodes: Iterable<Node>, depth: string, mark: string): void => {
    for (const child of nodes) walk(child, depth, mark)
  }

  walk(root.documentElement, '', '')
  return lines
}
