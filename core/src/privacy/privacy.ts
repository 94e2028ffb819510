import { ReplayError, type Report } from '../errors.ts'
import type { CheckedPrivacyConfig, MaskLevel, ReplayEvent, UgcFilterRule } from '../types.ts'
import { areOptionsHidden } from './attributes.ts'
import { createDecider, type Decision } from './decide.ts'
import { composedParent, isElement, matches, tagOf } from './dom.ts'
import type { NodeMirror } from './events.ts'
import { fieldChannel, fieldFacts, isField } from './fields.ts'
import { type Channel, isHidden } from './levels.ts'
import { maskText } from './mask.ts'
import { createPageLevel } from './page-level.ts'
import { asList } from './policy.ts'
import { rewriteEvent } from './rewrite.ts'
import { isHiddenTitle, type NodeRules } from './rewrite-node.ts'
import type { SheetUsers } from './rewrite-style.ts'
import { createSecretNames } from './secret-names.ts'
import { parseMarkers } from './selectors.ts'
import { createFieldsWithin, watchTyping } from './typing.ts'
import { createUrlSanitizer } from './url.ts'
import { watchMarkers } from './watch-markers.ts'

export type Visibility = 'visible' | 'masked' | 'blocked'

/** An event of a frame from another origin: made private by the kit in that frame, its ids are not ours. */
export interface Foreign {
  foreign: true
  /** The frame element, if known. Without it everything foreign is dropped while any such frame is hidden. */
  frame?: Element
}

/** What may be told of a click. `area`: the masked part of the page that stands for all in it. */
export interface Place {
  /** Names of the element may be told. */
  named: boolean
  area: Element | null
}

export interface Privacy {
  /** What may be told of a click on this element; `null`: nothing. */
  placeOf(element: Element): Place | null
  /** What the recording shows of a node: of a field its value, of everything else its text. */
  decide(node: Node): Visibility
  /** The same with the marker or setting that decided, in words for people. */
  explainNode(node: Node): { visibility: Visibility; rule: string }
  /** Makes one rrweb event private, in place; `null`: drop it. */
  rewrite(event: ReplayEvent, mirror: NodeMirror, foreign?: Foreign): ReplayEvent | null
  /** For addresses of the page and its requests: rules, secrets, and the level of now. */
  sanitizeUrl(url: string): string
  maskText(text: string): string
  /** A parameter, header or property of this name holds a secret. */
  isSecretName(name: string): boolean
  /** The document's title, masked if the level or a marker says so. */
  maskTitle(title: string): string
  /** One selector for all that rrweb has to leave out. */
  readonly blockSelector: string
  level(): MaskLevel
  /** A level from a route or the controller; it can only tighten. `null` withdraws it. */
  setLevel(level: MaskLevel | null): void
  /** The policy in force, as plain data. */
  describe(): Record<string, unknown>
  /** Ends the watch for changed markers and for typing. */
  stop(): void
}

export interface PrivacyDeps {
  config: CheckedPrivacyConfig
  ugcFilterRules: readonly UgcFilterRule[]
  applyBackgroundColor: boolean
  /** The address that the page has at this moment. */
  href(): string
  report: Report
  /** What was recorded before does not fit the markers of now: a fresh full snapshot is needed. */
  onMarkersChanged(): void
}

/** rrweb dates movement by the wall clock, which may be set while we look. */
const CLOCK_SLACK_MS = 20

export function createPrivacy(deps: PrivacyDeps): Privacy {
  const { config, href, report } = deps
  let markersChangedAt = Number.NEGATIVE_INFINITY
  const onMarkersChanged = (): void => {
    markersChangedAt = performance.now()
    deps.onMarkersChanged()
  }
  const markers = parseMarkers(config, report)
  const pageLevel = createPageLevel(config, href, report)
  const isSecretName = createSecretNames(asList(config.secretParameters).map(String))
  const url = createUrlSanitizer({ ugcFilterRules: deps.ugcFilterRules, isSecretName })
  const decider = createDecider(markers, pageLevel.get)
  const watch = watchMarkers(markers, onMarkersChanged, report)
  const typing = watchTyping(report)
  const sheetUsers: SheetUsers = new Map()
  const nodeRules: Omit<NodeRules, 'fieldsWithin'> = {
    url,
    isSecretName,
    maskAttributes: new Set(asList(config.maskAttributes).map((name) => String(name).toLowerCase())),
    applyBackgroundColor: deps.applyBackgroundColor,
    onRoot(root) {
      watch.add(root)
      typing.add(root)
    },
  }

  const inForce = (level = pageLevel.get()): MaskLevel => (markers.broken ? 'conservative' : level)

  let lastLevel = pageLevel.get()
  const noticeLevel = (level: MaskLevel, isSnapshot: boolean): void => {
    if (level === lastLevel) return
    lastLevel = level
    if (!isSnapshot) onMarkersChanged()
  }

  const maskTitle = (title: string): string => {
    if (isHidden('text', inForce())) return maskText(title)
    const decision = decider()
    const element = document.querySelector('title')
    const hidden = element
      ? isNodeHidden(element, decision) || isHiddenTitle(element, decision)
      : document.body && isNodeHidden(document.body, decision)
    return hidden ? maskText(title) : title
  }

  const rewrite = (event: ReplayEvent, mirror: NodeMirror, foreign?: Foreign): ReplayEvent | null => {
    const isSnapshot = event.type === 2
    // Once for an event (a title asks again): to read the page's address costs as much as to decide about an element.
    const level = pageLevel.get()
    noticeLevel(level, isSnapshot || event.type === 4)
    if (isSnapshot) watch.reset()
    const decision = decider(level)
    const regime = inForce(level)
    const rules = {
      url: (address: string) => url(address, isHidden('addressQuery', regime)),
      title: maskTitle,
      records: { url, isSecretName, hide: isHidden('record', regime) },
    }
    if (foreign && !isForeignAllowed(event, mirror, foreign, decision)) return null
    if (foreign && event.type === 3) return event
    const rewriting = {
      decision,
      mirror,
      rules: { ...nodeRules, fieldsWithin: createFieldsWithin() },
      pointerFrom,
    }
    return rewriteEvent(event, rewriting, rules, sheetUsers)
  }

  const pointerFrom = (): number => markersChangedAt - performance.now() + CLOCK_SLACK_MS

  const decide = (node: Node): Visibility => visibilityOf(node, decider())

  return {
    placeOf(element) {
      const { blocked, content, regime, area } = decider().of(element)
      if (blocked || content === 'never') return null
      if (!isHidden('pointer', regime)) return { named: !isHidden('text', regime), area: null }
      return area && { named: false, area }
    },
    decide,
    explainNode: (node) => ({ visibility: decide(node), rule: ruleFor(node) }),
    rewrite(event, mirror, foreign) {
      try {
        return rewrite(event, mirror, foreign)
      } catch (cause) {
        const message = 'An event could not be made private and was dropped; the recording may be incomplete.'
        report(new ReplayError('INTERNAL', message, { cause }))
        return null
      }
    },
    sanitizeUrl: (address) => url(address, isHidden('addressQuery', inForce())),
    maskText,
    isSecretName,
    maskTitle,
    blockSelector: markers.block.join(','),
    level: () => inForce(),
    setLevel(level) {
      pageLevel.set(level)
      noticeLevel(pageLevel.get(), false)
    },
    describe: () => ({
      level: inForce(),
      levelFrom: markers.broken ? 'invalid setting' : pageLevel.why(),
      block: markers.block,
      mask: markers.mask,
      unmask: markers.unmask,
      maskAttributes: [...nodeRules.maskAttributes],
      urlMaskLevels: config.urlMaskLevels ?? [],
      failedClosed: markers.broken,
    }),
    stop() {
      watch.stop()
      typing.stop()
    },
  }

  function ruleFor(node: Node): string {
    const kinds = [
      ['block', markers.block],
      ['mask', markers.mask],
      ['unmask', markers.unmask],
    ] as const
    if (isElement(node) && isField(tagOf(node)) && fieldChannel(fieldFacts(node)) === 'secretField') {
      if (decide(node) === 'masked') return 'secret field: masked at every level'
    }
    for (const [kind, selectors] of kinds) {
      if (kind === 'unmask' && markers.broken) return 'invalid settings: everything is masked'
      for (let at: Node | null = node; at; at = composedParent(at)) {
        if (!isElement(at)) continue
        const element = at
        const selector = selectors.find((one) => matches(element, one))
        if (selector) return `${kind}: ${selector} on <${tagOf(element)}>`
      }
    }
    return `level: ${pageLevel.get()} (${pageLevel.why()})`
  }
}

/** Another origin's frame is left alone by its own kit, but what we hide as a whole stays hidden. */
function isForeignAllowed(
  event: ReplayEvent,
  mirror: NodeMirror,
  { frame }: Foreign,
  decision: Decision,
): boolean {
  const isOpen = (element: Node): boolean => {
    const { blocked, masked, content } = decision.of(element)
    return !blocked && !masked && content !== 'never'
  }
  if (frame) return isOpen(frame)
  const adds = (event.data as { adds?: { parentId: number }[]; isAttachIframe?: boolean }).adds ?? []
  const parent = adds[0] && mirror.getNode(adds[0].parentId)
  if (parent) return isOpen(parent)
  return [...document.querySelectorAll('iframe')].every(isOpen)
}

function isNodeHidden(node: Node, decision: Decision): boolean {
  return visibilityOf(node, decision) !== 'visible'
}

function visibilityOf(node: Node, decision: Decision): Visibility {
  const scope = decision.of(node)
  if (scope.blocked || scope.content === 'never') return 'blocked'
  let channel: Channel = 'text'
  if (isElement(node) && isField(tagOf(node))) channel = fieldChannel(fieldFacts(node))
  else if (scope.content === 'options' || scope.content === 'secretOptions') {
    return areOptionsHidden(scope) ? 'masked' : 'visible'
  } else if (scope.content === 'field') channel = 'field'
  else if (scope.content === 'editable') channel = 'editableText'
  return isHidden(channel, scope.regime) ? 'masked' : 'visible'
}
