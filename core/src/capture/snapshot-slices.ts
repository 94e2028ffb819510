import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

/*
 * The snapshot of a large page in several tasks. What does not fit into the first is told afterwards as if it had been
 * added just then, a slice at a time: the player needs to know nothing of it. rrweb passes over changes of nodes that it
 * does not know yet, and a slice reads the page as it is when its turn comes, so whatever the page does meanwhile is told
 * exactly once. The order of nodes holds because each comes before the next one that the replay has already.
 */

/** What one task serialises, in nodes or rules of style sheets: 30 to 60 ms where rrweb alone takes 20 µs for each. */
export const NODES_PER_SLICE = 1500
/** The next slice waits for a free moment, but not longer, in ms. */
const SLICE_WAIT_MS = 100

export interface Serialized {
  id: number
  attributes?: Record<string, unknown>
  childNodes?: Serialized[]
}

/** An addition in a mutation event. `nextId`: what it comes before; null: nothing. */
export interface Added {
  parentId: number
  nextId: number | null
  node: Serialized
}

/** rrweb's map of what the replay has. */
export interface Known {
  /** -1: never seen, -2: left out. */
  getId(node: Node): number
  getNode(id: number): Node | null
  has(id: number): boolean
  /** With what is below it. */
  removeNodeFromMap(node: Node): void
}

export interface SerializeOptions {
  mirror: Known
  preserveWhiteSpace?: boolean
}

type ReadRule = (rule: CSSRule) => string

/** A sheet that is being read. */
interface Reading {
  readonly rules: CSSRuleList
  readonly read: ReadRule
  readonly texts: string[]
  isStale: boolean
}

export type Serialize<Options extends SerializeOptions> = (node: Node, options: Options) => Serialized | null

export interface SnapshotSlices {
  /** Serialises as much of the page as fits into one task, and the rest when there is time. */
  serialize<Options extends SerializeOptions>(
    serialize: Serialize<Options>,
    options: Options,
  ): Serialized | null
  /** Whether this child has to wait for a slice of its own. Asked for each child of each node that is serialised. */
  isPutOff(parent: Node, child: Node): boolean
  /** The texts of a sheet's rules. Of one that is larger than a slice nothing at first: it is read ahead, then told. */
  readRules(owner: Node | null, rules: CSSRuleList, read: ReadRule): string[]
  /** What has been read ahead may not be what the page has now. */
  stylesChanged(): void
  /**
   * The form in which additions are played: each node by itself, after the one that holds it and in the order of the
   * page. rrweb's player ignores children within.
   */
  flatten(adds: readonly Added[]): Added[]
  /** Tells the rest at once, in this task. */
  finish(): void
  stop: Stop
}

export interface SnapshotSlicesDeps {
  readonly nodesPerSlice: number
  readonly report: Report
  /** What is in the page and has not been told, in the first free moment after the snapshot. */
  onRest(nodes: Iterable<Node>): void
  /** Children that were put off, with all that is in them. */
  onSlice(adds: Added[]): void
  /** An element that was told without its sheet, now with it. */
  onSheet(element: Serialized): void
  /** All has been told. These could not be scrolled as long as their content was missing. */
  onEnd(scrolled: Iterable<Node>): void
  whenIdle(run: () => void, timeoutMs: number): Stop
}

export function createSnapshotSlices(deps: SnapshotSlicesDeps): SnapshotSlices {
  /** Nodes that fit into this slice yet; `null` outside of slices, where everything is serialised at once. */
  let room: number | null = null
  /** Nodes with children that wait: the last comes first. */
  let unfinished: Node[] = []
  /** Those of the present slice, in the order of the page. */
  let putOff = new Set<Node>()
  let known: Known | undefined
  let stopWaiting: Stop | undefined
  let tellNext: () => void = () => {}
  let scrolled = new Set<Node>()
  const sheets = new Map<Node, Reading>()

  const isUnfinished = (): boolean => unfinished.length + sheets.size > 0

  function inSlice<Result>(work: () => Result): Result {
    room = deps.nodesPerSlice
    putOff = new Set()
    try {
      return work()
    } finally {
      room = null
      unfinished.push(...[...putOff].reverse())
    }
  }

  function isPutOff(parent: Node, child: Node): boolean {
    if (room === null || isTogether(parent)) return false
    const cost = parent.nodeName === 'HEAD' ? costOf(child, deps.nodesPerSlice) : 1
    // What is larger than a slice gets one of its own.
    if (room >= cost || room === deps.nodesPerSlice) {
      room -= cost
      return false
    }
    putOff.add(parent)
    // Its shadow host was told before and has moved: rrweb forgets the host, but not what is in its shadow.
    if (known?.has(known.getId(child))) known.removeNodeFromMap(child)
    return true
  }

  function* missingIn(parent: Node, known: Known): Generator<{ child: Node; nextId: number | null }> {
    for (const list of [childrenOf(parent), childrenOf(shadowOf(parent))]) {
      let waiting: Node[] = []
      for (const child of list) {
        const id = known.getId(child)
        if (id === -1 || !known.has(id)) waiting.push(child)
        else if (id > 0) {
          for (const each of waiting) yield { child: each, nextId: id }
          waiting = []
        }
      }
      for (const each of waiting) yield { child: each, nextId: null }
    }
  }

  function* rest(known: Known): Generator<Node> {
    const stack: Node[] = []
    for (const parent of unfinished)
      if (isTold(parent, known)) for (const { child } of missingIn(parent, known)) stack.push(child)
    for (let node = stack.pop(); node; node = stack.pop()) {
      yield node
      for (const child of childrenOf(node)) stack.push(child)
      for (const child of childrenOf(shadowOf(node))) stack.push(child)
    }
  }

  return {
    serialize(serialize, options) {
      const { mirror } = options
      known = mirror
      // What can not be read is missing from the replay, but must not keep the rest from being told.
      const serializePart = guard('recording a part of the page', deps.report, serialize)

      function readOn(link: Node, { rules, read, texts }: Reading): void {
        const end = Math.min(rules.length, texts.length + deps.nodesPerSlice)
        while (texts.length < end) texts.push(read(rules[texts.length] as CSSRule))
        if (end < rules.length) return
        // Asks for the texts, and only now they are all there.
        const element = isTold(link, mirror) ? serializePart(link, options) : null
        sheets.delete(link)
        if (element) deps.onSheet(element)
      }

      function slice(): void {
        const [sheet] = sheets
        if (sheet) readOn(...sheet)
        else tellNodes()
        goOn()
      }

      function tellNodes(): void {
        const adds: Added[] = []
        inSlice(() => {
          while (putOff.size === 0) {
            const parent = unfinished.pop()
            if (!parent) return
            // It has left, and is told anew should it come back.
            if (!isTold(parent, mirror)) continue
            const parentId = mirror.getId(parent)
            const settings = { ...options, preserveWhiteSpace: parent.nodeName !== 'HEAD' }
            for (const { child, nextId } of missingIn(parent, mirror)) {
              const node = isPutOff(parent, child) ? null : serializePart(child, settings)
              if (node) adds.push({ parentId, nextId, node })
            }
            scrolled.add(parent)
          }
        })
        if (adds.length > 0) deps.onSlice(adds)
      }

      function goOn(): void {
        stopWaiting = undefined
        if (isUnfinished()) stopWaiting = deps.whenIdle(slice, SLICE_WAIT_MS)
        else if (scrolled.size > 0) {
          const all = scrolled
          scrolled = new Set()
          deps.onEnd(all)
        }
      }

      tellNext = slice
      const page = inSlice(() => serialize(document, options))
      const begin = (): void => {
        deps.onRest(rest(mirror))
        goOn()
      }
      if (isUnfinished()) stopWaiting = deps.whenIdle(begin, SLICE_WAIT_MS)
      return page
    },
    isPutOff,
    readRules(owner, rules, read) {
      const ahead = owner && sheets.get(owner)
      // The link may have got another sheet since.
      if (ahead?.rules === rules && !ahead.isStale && ahead.texts.length === rules.length) return ahead.texts
      if (room === null || !owner || !isReadAhead(owner, rules, deps.nodesPerSlice))
        return Array.from(rules, read)
      sheets.set(owner, { rules, read, texts: [], isStale: false })
      return []
    },
    stylesChanged() {
      for (const sheet of sheets.values()) sheet.isStale = true
    },
    flatten(adds) {
      const flat: Added[] = []
      const put = ({ parentId, nextId, node }: Added): void => {
        const { childNodes = [], attributes = {} } = node
        if (childNodes.length > 0) node.childNodes = []
        if ('rr_scrollTop' in attributes || 'rr_scrollLeft' in attributes) {
          const live = known?.getNode(node.id)
          if (live) scrolled.add(live)
        }
        flat.push({ parentId, nextId, node })
        for (const child of childNodes) put({ parentId: node.id, nextId: null, node: child })
      }
      for (const add of adds) put(add)
      return flat
    },
    finish() {
      while (isUnfinished()) {
        stopWaiting?.()
        tellNext()
      }
    },
    stop() {
      stopWaiting?.()
      unfinished = []
      sheets.clear()
      scrolled.clear()
    },
  }
}

/** Players need head and body from the start; the text of a style belongs to the sheet that was read with it. */
function isTogether(parent: Node): boolean {
  const { nodeName } = parent
  return parent === document || nodeName === 'HTML' || nodeName === 'STYLE' || nodeName === 'style'
}

/** It is where the replay has it. */
const isTold = (node: Node, known: Known): boolean => node.isConnected && known.has(known.getId(node))

/** Of a form too that has a field called `childNodes`. */
function childrenOf(node: Node | null | undefined): Node[] {
  const { get } = Object.getOwnPropertyDescriptor(Node.prototype, 'childNodes') ?? {}
  return node && get ? Array.from(get.call(node) as NodeList) : []
}

function shadowOf(node: Node): ShadowRoot | null {
  const { get } = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot') ?? {}
  return node.nodeType === Node.ELEMENT_NODE && get ? get.call(node) : null
}

/** In nodes. A sheet is serialised with its element. */
function costOf(node: Node, nodesPerSlice: number): number {
  if (node.nodeName !== 'LINK' && node.nodeName !== 'STYLE') return 1
  try {
    const rules = (node as HTMLStyleElement).sheet?.cssRules
    return rules && !isReadAhead(node, rules, nodesPerSlice) ? 1 + rules.length : 1
  } catch {
    // The sheet of another origin can not be read.
    return 1
  }
}

/** A link can be told before its sheet, as if that had come late. A style can not: its text is part of the page. */
const isReadAhead = (owner: Node, { length }: CSSRuleList, nodesPerSlice: number): boolean =>
  owner.nodeName === 'LINK' && length > nodesPerSlice
