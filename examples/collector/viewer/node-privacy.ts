import type { ReplayEvent } from '../api.ts'

/** What the recorder did to a node, and why, as far as the replay tells. */
export interface NodePrivacy {
  visibility: 'visible' | 'masked' | 'blocked'
  /** The rule in words, such as `.amp-mask on <div class="card">`. */
  rule: string
}

/** The policy that the recorder wrote into the replay. */
export interface ReplayPolicy {
  level: string | null
  maskSelectors: string[]
  blockSelectors: string[]
}

/** rrweb's mirror, as far as it is needed. */
export interface ReplayMirror {
  getMeta(node: Node): unknown
}

const BLOCK_MARKS = ['.amp-block', '[data-amp-block]', '[data-amp-quarantine]']
const MASK_MARKS = ['.amp-mask', '[data-amp-mask]']
const ALWAYS_MASKED_FIELDS = ['password', 'email', 'tel', 'hidden']
const WORDY_ATTRIBUTES = ['value', 'placeholder', 'title', 'alt', 'aria-label', 'label']

/** The newest policy among the replay's `metadata` events; Amplitude's recorders nest it deeper than ours. */
export function readPolicy(events: readonly ReplayEvent[]): ReplayPolicy {
  const metadata = events.findLast(
    ({ type, data }) => type === 5 && (data as { tag?: string }).tag === 'metadata',
  )
  const payload = (metadata?.data as { payload?: MetadataPayload } | undefined)?.payload ?? {}
  const config = payload.joinedConfig?.privacyConfig ?? payload
  const level = config.defaultMaskLevel ?? payload.maskLevel
  return {
    level: typeof level === 'string' ? level : null,
    maskSelectors: stringsOf(config.maskSelector),
    blockSelectors: stringsOf(config.blockSelector),
  }
}

interface PrivacySettings {
  defaultMaskLevel?: unknown
  maskSelector?: unknown
  blockSelector?: unknown
}

interface MetadataPayload extends PrivacySettings {
  maskLevel?: unknown
  joinedConfig?: { privacyConfig?: PrivacySettings }
}

/** The same question that the recorder asked, answered from what it left in the replay. */
export function explainNode(element: Element, mirror: ReplayMirror, policy: ReplayPolicy): NodePrivacy {
  if (isBlocked(element, mirror)) {
    const rule = ruleAbove(element, [...BLOCK_MARKS, ...policy.blockSelectors])
    return { visibility: 'blocked', rule: rule ?? 'a block rule that is not named in the replay' }
  }
  if (!isMasked(element)) return { visibility: 'visible', rule: 'nothing hides it' }
  const rule = ruleAbove(element, [...MASK_MARKS, ...policy.maskSelectors])
  if (rule) return { visibility: 'masked', rule }
  const field = element.getAttribute('type') ?? ''
  if (ALWAYS_MASKED_FIELDS.includes(field)) {
    return { visibility: 'masked', rule: `${field} fields are hidden at every level` }
  }
  return { visibility: 'masked', rule: `mask level ${policy.level ?? 'medium (the default)'}` }
}

/** rrweb leaves only the size of what was blocked. */
export function isBlocked(element: Element, mirror: ReplayMirror): boolean {
  const meta = mirror.getMeta(element) as { attributes?: Record<string, unknown> } | null
  return meta?.attributes?.rr_width !== undefined
}

/** The element's own text, value or label is all asterisks. */
export function isMasked(element: Element): boolean {
  const own = [...element.childNodes]
    .filter(({ nodeType }) => nodeType === 3)
    .map(({ nodeValue }) => nodeValue)
  const labels = WORDY_ATTRIBUTES.map((name) => element.getAttribute(name))
  return [...own, ...labels, fieldValue(element)].some((text) => /^[*\s]*\*[*\s]*$/.test(text ?? ''))
}

/** Parents through shadow roots and frames: what surrounds a node for the person who reads the page. */
export function* composedAncestors(element: Element): Generator<Element> {
  let current: Element | null = element
  while (current) {
    yield current
    const root = current.getRootNode() as Document | ShadowRoot
    current =
      current.assignedSlot ??
      current.parentElement ??
      ('host' in root ? root.host : (root.defaultView?.frameElement ?? null))
  }
}

function ruleAbove(element: Element, selectors: string[]): string | null {
  for (const ancestor of composedAncestors(element)) {
    const selector = selectors.find((each) => matches(ancestor, each))
    if (selector) return ancestor === element ? selector : `${selector} on ${describe(ancestor)}`
  }
  return null
}

/** `<div class="card">`, as short as it can be told apart. */
export function describe(element: Element): string {
  const id = element.id ? ` id="${element.id}"` : ''
  const name = element.getAttribute('class')?.trim().split(/\s+/).slice(0, 2).join(' ')
  return `<${element.localName}${id}${!id && name ? ` class="${name}"` : ''}>`
}

function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector)
  } catch {
    return false
  }
}

function fieldValue(element: Element): string | null {
  return element.localName === 'input' || element.localName === 'textarea'
    ? (element as HTMLInputElement).value
    : null
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
