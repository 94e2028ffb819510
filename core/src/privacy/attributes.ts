import {
  isAddressAttribute,
  isDrawingAttribute,
  isLayoutAttribute,
  isPictureTag,
  isReadableAttribute,
  isReferenceTag,
} from './attribute-names.ts'
import { type CssRules, sanitizeCss, sanitizeCssValue } from './css.ts'
import type { Scope } from './decide.ts'
import type { Attributes, AttributeValue, StyleDiff } from './events.ts'
import { type FieldFacts, fieldChannel, fieldValue, isField } from './fields.ts'
import { isHidden } from './levels.ts'
import { maskText } from './mask.ts'
import type { UrlSanitizer } from './url.ts'

/** A picture of one transparent dot, where the real one is private. */
const NO_PICTURE = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

/** Metas that decide how the page is drawn; all others tell machines about the page and go. */
const DRAWING_META = /^(?:viewport|color-scheme)$/i

export interface AttributeRules {
  url: UrlSanitizer
  /** From the option `maskAttributes`, lower case. */
  maskAttributes: ReadonlySet<string>
}

export function cssRules(scope: Scope, url: UrlSanitizer): CssRules {
  const hide = isHidden('cssString', scope.regime)
  return {
    hide,
    // `url(#clip)` names an element of the page.
    address: (address) => (address.startsWith('#') ? address : url(address, hide)),
  }
}

/** Makes all attributes of one element private, in place. */
export function rewriteAttributes(
  attributes: Attributes,
  facts: FieldFacts,
  scope: Scope,
  rules: AttributeRules,
): void {
  for (const name in attributes) {
    const value = rewriteAttribute(name, attributes[name] as AttributeValue, facts, scope, rules)
    if (value === undefined) delete attributes[name]
    else attributes[name] = value
  }
}

/** What becomes of one attribute; `undefined`: it is left out. */
export function rewriteAttribute(
  name: string,
  value: AttributeValue,
  facts: FieldFacts,
  scope: Scope,
  rules: AttributeRules,
): AttributeValue | undefined {
  const lower = name.toLowerCase()
  const { tag } = facts
  // Removed attributes tell nothing, but of those that are never recorded not even that is needed.
  if (isNever(lower, facts)) return undefined
  if (value === null || value === undefined) return value
  if (lower === 'style') return rewriteStyle(value, scope, rules.url)
  if (lower === 'checked') return isHidden('choiceState', scope.regime) ? undefined : value
  if (lower === 'selected') return areOptionsHidden(scope) ? undefined : value
  if (lower === 'rr_dataurl') return isHidden('pixels', scope.regime) ? undefined : value
  if (typeof value !== 'string') return value
  if (lower === '_csstext') return sanitizeCss(value, cssRules(scope, rules.url))
  if (lower.startsWith('rr_') && lower !== 'rr_src') return value
  if (rules.maskAttributes.has(lower) && isMaskedByOption(facts, scope)) return maskText(value)
  if (lower === 'value') return rewriteValue(value, facts, scope)
  if (lower === 'srcset' || lower === 'imagesrcset') return rewriteSourceSet(value, scope, rules.url)
  if (isAddressAttribute(lower)) return rewriteAddress(lower, value, tag, scope, rules.url)
  if (isLayoutAttribute(lower) || isDrawingAttribute(lower)) return value
  if (tag === 'meta') return value
  if (repeatsHiddenValue(value, facts, scope)) return maskText(value)
  if (isOption(tag) && areOptionsHidden(scope)) return maskText(value)
  if (isReadableAttribute(lower)) return isHidden('readableAttribute', scope.regime) ? maskText(value) : value
  if (!isHidden('otherAttribute', scope.regime)) return value
  // Radio buttons with names of equal length would become one group in the replay.
  if (lower === 'name') return tag === 'slot' ? value : undefined
  return maskText(value)
}

/** Code, state and copies of documents: of no use to a replay, whatever the level. */
function isNever(name: string, { tag, attribute }: FieldFacts): boolean {
  if (name === 'srcdoc' || name === 'nonce' || name === 'ping' || name.startsWith('on')) return true
  if (tag === 'script' || tag === 'noscript' || tag === 'template') return name !== 'type'
  if (tag !== 'meta') return false
  if (name === 'charset' || name === 'name') return false
  return !(name === 'content' && DRAWING_META.test(attribute('name') ?? ''))
}

function rewriteStyle(value: AttributeValue, scope: Scope, url: UrlSanitizer): AttributeValue {
  const rules = cssRules(scope, url)
  if (typeof value === 'string') return sanitizeCss(value, rules)
  if (value === null || typeof value !== 'object') return value
  const diff: StyleDiff = {}
  for (const [property, change] of Object.entries(value)) {
    if (typeof change === 'string') diff[property] = sanitizeCssValue(property, change, rules)
    else if (Array.isArray(change)) diff[property] = [sanitizeCssValue(property, change[0], rules), change[1]]
    else diff[property] = change
  }
  return diff
}

function rewriteValue(value: string, facts: FieldFacts, scope: Scope): string | undefined {
  const { tag } = facts
  if (isField(tag) || tag.includes('-')) return fieldValue(facts, value, scope.regime)
  if (isOption(tag)) return areOptionsHidden(scope) ? maskText(value) : value
  if (!isHidden('text', scope.regime)) return value
  // A masked number is no number: better none.
  return tag === 'progress' || tag === 'meter' || tag === 'li' ? undefined : maskText(value)
}

const isOption = (tag: string): boolean => tag === 'option' || tag === 'optgroup'

/** The options of a select that asks for card data are as secret as its value. */
export function areOptionsHidden({ content, regime }: Scope): boolean {
  return isHidden(content === 'secretOptions' ? 'secretField' : 'options', regime)
}

/** A listed attribute follows the value on fields and the text elsewhere. */
function isMaskedByOption(facts: FieldFacts, scope: Scope): boolean {
  return isHidden(isField(facts.tag) ? fieldChannel(facts) : 'text', scope.regime)
}

/** Widgets copy the value of a field into its placeholder, title or data attributes. */
function repeatsHiddenValue(value: string, facts: FieldFacts, scope: Scope): boolean {
  if (!isField(facts.tag) || value.length < 3) return false
  const channel = fieldChannel(facts)
  if (channel === 'choiceValue' || channel === 'buttonLabel' || !isHidden(channel, scope.regime)) return false
  const typed = (facts.live as HTMLInputElement | null)?.value
  return typeof typed === 'string' && typed.length >= 3 && value.includes(typed)
}

function rewriteAddress(
  name: string,
  value: string,
  tag: string,
  scope: Scope,
  url: UrlSanitizer,
): string | undefined {
  const hide = isHidden('addressQuery', scope.regime)
  if (hide && /^\s*data:/i.test(value)) return isPictureTag(tag) ? NO_PICTURE : undefined
  if (isReferenceTag(tag) && (name === 'href' || name === 'xlink:href')) {
    // The fragment is an id of the drawing; only what stands before it is an address.
    const at = value.indexOf('#')
    if (at >= 0) return url(value.slice(0, at), hide) + value.slice(at)
  }
  if (!isPictureTag(tag) && isHidden('linkAddress', scope.regime)) return tag === 'iframe' ? undefined : '#'
  return url(value, hide)
}

function rewriteSourceSet(value: string, scope: Scope, url: UrlSanitizer): string | undefined {
  const hide = isHidden('addressQuery', scope.regime)
  if (/^\s*data:|[\s,]data:/i.test(value)) return hide ? undefined : value
  return value.replace(/[^\s,]\S*[^\s,]/g, (candidate) =>
    /^[\d.]+[wxh]$/.test(candidate) ? candidate : url(candidate, hide),
  )
}
