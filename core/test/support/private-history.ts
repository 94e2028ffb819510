import { startCapture } from '../../src/capture/record.ts'
import { createPrivacy } from '../../src/privacy/privacy.ts'
import { EventType, type MaskLevel, type ReplayEvent } from '../../src/types.ts'
import { randomFrom } from './random.ts'

/** The policy once more, as plainly as it can be said, to judge the engine by. */
function isVisible(node: Node, kind: 'text' | 'value', level: MaskLevel): boolean {
  let masked = false
  let unmasked = false
  let at: Node | null = node
  while (at) {
    const { classList } = at as Element
    if (classList?.contains('amp-block')) return false
    masked ||= classList?.contains('amp-mask') === true
    unmasked ||= classList?.contains('amp-unmask') === true
    if (at === document) break
    at = above(at)
  }
  if (!at || masked) return false
  if (unmasked) return true
  return kind === 'text' ? level !== 'conservative' : level === 'light'
}

/** One step up the page as it is displayed. */
function above(node: Node): Node | null {
  const { assignedSlot, parentNode } = node as Element
  const { host } = node as Partial<ShadowRoot>
  const { defaultView } = node as Partial<Document>
  return assignedSlot ?? parentNode ?? host ?? defaultView?.frameElement ?? null
}

const isField = (element: Element): element is HTMLInputElement => element.matches('input, textarea')
const bodyOf = (element: Element): HTMLElement | undefined =>
  (element as Partial<HTMLIFrameElement>).contentDocument?.body

export interface History {
  /** One random change of the page. */
  change(): void
  /** The same without changes of marks, slots and levels. */
  changeContent(): void
  snapshot(): void
  snapshotIfWanted(): boolean
  /** Recorded without having been visible up to now. */
  leaks(): string[]
  /** Of all that can be seen right now, what the recording does not hold. */
  missing(): string[]
  /** The page as the recording may show it. */
  outline(): string[]
  /** From the last full snapshot on. */
  events(): readonly ReplayEvent[]
  stop(): void
}

/** A page that changes at random below `document.body`, recorded; the same for the same seed. */
export function startHistory(seed: number): History {
  const random = randomFrom(seed)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const main = document.body.appendChild(document.createElement('main'))
  let level: MaskLevel = 'light'
  let wanted = false
  let events: ReplayEvent[] = []
  const recorded = new Set<string>()
  const leaked = new Set<string>()
  const words = new Set<string>()
  const wasVisible = new Set<string>()
  const privacy = createPrivacy({
    config: {
      defaultMaskLevel: 'light',
      urlMaskLevels: [
        { match: '*/medium', maskLevel: 'medium' },
        { match: '*/conservative', maskLevel: 'conservative' },
      ],
    },
    ugcFilterRules: [],
    applyBackgroundColor: false,
    href: () => `https://shop.test/${level}`,
    report: (problem) => {
      throw problem
    },
    onMarkersChanged: () => {
      wanted = true
    },
  })
  const capture = startCapture({
    emit: (event) => {
      const text = JSON.stringify(event)
      if (event.type === EventType.Meta) events = []
      events.push(JSON.parse(text))
      for (const [one] of text.matchAll(/w\d+x\d+x/g)) {
        recorded.add(one)
        if (!wasVisible.has(one)) leaked.add(one)
      }
    },
    rewrite: privacy.rewrite,
    blockSelector: privacy.blockSelector,
    settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
    // rrweb cannot place what is added beside a node that was blocked until now; the next snapshot brings it.
    report: () => {},
  })

  let count = 0
  const word = (): string => {
    const next = `w${seed}x${++count}x`
    words.add(next)
    return next
  }

  /** Everything that holds elements: the light tree, shadow trees and documents of frames. */
  const roots = (): (Element | ShadowRoot)[] => {
    const found: (Element | ShadowRoot)[] = [main]
    for (const root of found) {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) found.push(element.shadowRoot)
        const body = bodyOf(element)
        if (body) found.push(body)
      }
    }
    return found
  }
  const elements = (): HTMLElement[] =>
    roots().flatMap((root) => [...root.querySelectorAll<HTMLElement>('*')])
  const containers = (): (Element | ShadowRoot)[] => [
    ...roots(),
    ...elements().filter((element) => element.matches('div, section')),
  ]

  const create = (): Element => {
    const element = document.createElement(pick(['div', 'section', 'p', 'p', 'input', 'textarea', 'slot']))
    if (element.localName === 'input') element.setAttribute('value', word())
    else if (element.localName !== 'slot') element.append(word())
    if (random(3) === 0) element.title = word()
    if (random(6) === 0) element.className = pick(['amp-mask', 'amp-unmask', 'amp-block'])
    return element
  }

  const contentChanges: ((target: HTMLElement) => void)[] = [
    (target) => {
      if (isField(target)) target.value = word()
      else if (target.firstChild instanceof Text) target.firstChild.data = word()
    },
    (target) => {
      if (target.matches('p')) target.textContent = word()
    },
    (target) => target.setAttribute('title', word()),
    () => {
      const p = document.createElement('p')
      p.append(word())
      pick(containers()).append(p)
    },
  ]
  const changes: ((target: HTMLElement) => void)[] = [
    ...contentChanges,
    // What is in the field stays what somebody typed, which rrweb's player does not know.
    (target) => {
      if (target.matches('input')) target.setAttribute('value', word())
    },
    () => void pick(containers()).append(create()),
    () => void pick(containers()).prepend(create()),
    (target) => {
      const tree = document.createElement('div')
      tree.append(create(), create())
      target.before(tree)
    },
    (target) => void target.classList.toggle(pick(['amp-mask', 'amp-unmask', 'amp-block'])),
    (target) => {
      const to = pick(containers())
      if (!holds(target, to)) to.append(target)
    },
    (target) => target.remove(),
    (target) => {
      if (target.matches('div, section') && !target.shadowRoot)
        target.attachShadow({ mode: 'open' }).append(create())
    },
    () => {
      if (random(3) !== 0 || main.querySelectorAll('iframe').length > 3) return
      const frame = document.createElement('iframe')
      if (random(6) === 0) frame.className = pick(['amp-mask', 'amp-unmask', 'amp-block'])
      pick(containers()).append(frame)
      bodyOf(frame)?.append(create())
    },
    () => {
      if (random(4) === 0) level = pick(['light', 'medium', 'conservative'])
    },
  ]

  const note = (text: string): void => {
    if (words.has(text)) wasVisible.add(text)
  }
  const look = (): void => {
    for (const element of elements()) {
      if (isVisible(element, 'text', level)) note(element.title)
      if (isField(element) && isVisible(element, 'value', level)) {
        note(element.value)
        note(element.getAttribute('value') ?? '')
      }
    }
    for (const root of roots()) {
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        const { currentNode } = texts
        const parent = currentNode.parentElement
        // A text can be in a slot that its element is not in.
        if (!(parent && isField(parent)) && isVisible(currentNode, 'text', level))
          note((currentNode as Text).data)
      }
    }
  }
  const apply = (list: typeof changes): void => {
    const all = elements()
    pick(list)(all.length > 0 ? pick(all) : main.appendChild(document.createElement('p')))
    if (all.length > 60) for (const element of [...main.children].slice(0, 3)) element.remove()
    look()
  }
  const snapshot = (): void => {
    wanted = false
    capture.takeFullSnapshot()
  }

  return {
    change: () => apply(changes),
    changeContent: () => apply(contentChanges),
    snapshot,
    snapshotIfWanted() {
      const due = wanted
      if (due) snapshot()
      return due
    },
    leaks: () => [...leaked],
    missing() {
      wasVisible.clear()
      look()
      return [...wasVisible].filter((one) => !recorded.has(one))
    },
    outline: () => outlineOf(main, (node, kind) => isVisible(node, kind, level)),
    events: () => events,
    stop() {
      capture.stop()
      privacy.stop()
      main.remove()
    },
  }
}

function holds(element: Element, place: Node): boolean {
  for (let at: Node | null = place; at; at = isShadow(at) ? at.host : (at.parentNode ?? above(at))) {
    if (at === element) return true
  }
  return false
}

const isShadow = (node: Node): node is ShadowRoot => 'host' in node && node.nodeType === 11

/** What can be read of a page, one line for each element or text; hidden text as stars. Without `shows` all of it. */
export function outlineOf(
  top: Element,
  shows: (node: Node, kind: 'text' | 'value') => boolean = () => true,
): string[] {
  const lines: string[] = []
  const write = (node: Node, text: string | null, kind: 'text' | 'value'): string =>
    text === null || shows(node, kind) ? String(text) : text.replace(/\S/g, '*')
  const walk = (node: Node, depth: string): void => {
    if (node.nodeType === 3) {
      const text = write(node, node.textContent, 'text')
      if (text.trim() !== '') lines.push(`${depth}"${text}"`)
    }
    if (node.nodeType !== 1) return
    const element = node as HTMLElement
    if (element.classList.contains('amp-block')) {
      lines.push(`${depth}${element.localName} blocked`)
      return
    }
    const value = isField(element) ? ` = ${write(element, element.value, 'value')}` : ''
    lines.push(
      `${depth}${element.localName} [${write(element, element.getAttribute('title'), 'text')}]${value}`,
    )
    if (isField(element)) return
    for (const child of bodyOf(element)?.childNodes ?? []) walk(child, `${depth}| `)
    for (const child of element.shadowRoot?.childNodes ?? []) walk(child, `${depth}# `)
    for (const child of element.childNodes) walk(child, `${depth}  `)
  }
  walk(top, '')
  return lines
}
