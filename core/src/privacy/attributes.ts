import { rewriteAddress, rewriteDrawing, rewriteSourceSet } from './address-attributes.ts'
import {
  isAddressAttribute,
  isDrawingAttribute,
  isGlobalAttribute,
  isLayoutAttribute,
  isReadableAttribute,
} from './attribute-names.ts'
import { sanitizeCss } from './css.ts'
import type { Scope } from './decide.ts'
import { hideEmails } from './emails.ts'
import type { Attributes, AttributeValue } from './events.ts'
import { type FieldFacts, fieldChannel, fieldValue, isField } from './fields.ts'
import { isHidden } from './levels.ts'
import { maskText } from './mask.ts'
import { isSecretHere, sanitizeJson, sanitizeMessage } from './records.ts'
import { hideKnownSecrets } from './secret-names.ts'
import { cssRules, rewriteStyle } from './style-attribute.ts'
import { isTypedAddress, repeatsTyped } from './typed-copies.ts'
import type { FieldsWithin } from './typing.ts'
import type { UrlSanitizer } from './url.ts'

/** Metas that decide how the page is drawn; all others tell machines about the page and go. */
const DRAWING_META = /^(?:viewport|color-scheme)$/i

/** What rrweb adds as text: sizes and states, by the form of their values. */
const RECORDER_NAME = /^rr_(?:width|height|open_mode|mediastate|background_color)$/
const RECORDER_VALUE = /^(?:[\d.]+px|modal|non-modal|played|paused|lightgrey)$/

/** Without any of these a word is no address, whatever the attribute is called. */
const ADDRESS_SIGN = /[/.:#?=%@;]/

/** Flags and measures. */
const PLAIN_VALUE = /^(?:|true|false|auto|none|[\d.]+(?:px|%|r?em)?)$/

/** Longer than any word, number or address: the state of a widget, of no use to a replay. */
const MAX_OTHER_LENGTH = 20_000

export interface AttributeRules {
  url: UrlSanitizer
  isSecretName(name: string): boolean
  /** From the option `maskAttributes`, lower case. */
  maskAttributes: ReadonlySet<string>
  /** Made anew for each event. */
  fieldsWithin: FieldsWithin
}

/** Makes all attributes of one element private, in place. */
export function rewriteAttributes(
  attributes: Attributes,
  facts: FieldFacts,
  scope: Scope,
  rules: AttributeRules,
): void {
  // Remembers a password field even while it is empty.
  if (facts.tag === 'input') fieldChannel(facts)
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
  if (lower === 'style') return rewriteStyle(value, facts, scope, rules.url, rules.fieldsWithin)
  if (lower === 'checked') return isHidden('choiceState', scope.regime) ? undefined : value
  if (lower === 'selected') return areOptionsHidden(scope) ? undefined : value
  if (lower === 'rr_dataurl') return isHidden('pixels', scope.regime) ? undefined : value
  if (typeof value !== 'string') return value
  if (lower === '_csstext' && (tag === 'style' || tag === 'link'))
    return sanitizeCss(value, cssRules(scope, rules.url))
  if (RECORDER_NAME.test(lower) && RECORDER_VALUE.test(value)) return value
  if (rules.maskAttributes.has(lower) && isMaskedByOption(facts, scope)) return maskText(value)
  if (lower === 'value' || (lower === 'current-value' && tag.includes('-')))
    return rewriteValue(lower, value, facts, scope, rules)
  if (lower === 'srcset' || lower === 'imagesrcset') return rewriteSourceSet(value, scope, rules.url)
  if ((isAddressAttribute(lower) || lower.endsWith(':href')) && ADDRESS_SIGN.test(value)) {
    if (isTypedAddress(lower, value, facts, scope, rules.fieldsWithin)) return '#'
    return rewriteAddress(lower, value, tag, scope, rules.url)
  }
  if (isDrawing(lower, facts) && /[/?\\]|url\(/i.test(value))
    return rewriteDrawing(lower, value, tag, scope, rules.url)
  if (isLayout(lower, value, facts))
    return isHidden('text', scope.regime) ? hideEmails(value, maskText) : value
  if (tag === 'meta') return value
  if (isNumberOfField(lower, facts, scope)) return maskText(value)
  if (repeatsTyped(lower, value, facts, scope, rules.fieldsWithin)) return maskText(value)
  if (isOption(tag) && areOptionsHidden(scope)) return maskText(value)
  if (isReadableAttribute(lower)) return isHidden('readableAttribute', scope.regime) ? maskText(value) : value
  if (!isHidden('otherAttribute', scope.regime)) return rewriteOther(lower, value, rules)
  // Radio buttons with names of equal length would become one group in the replay.
  if (lower === 'name') return tag === 'slot' ? value : undefined
  return maskText(value)
}

/** Attributes of the app's own may hold addresses to be loaded later, options, a whole state: secrets in them go. */
function rewriteOther(name: string, value: string, { url, isSecretName }: AttributeRules): string {
  if (value.length > MAX_OTHER_LENGTH || isSecretHere(name.replace(/^data-/, ''), { isSecretName }))
    return maskText(value)
  if (!/[=:@]|%[\da-f]{2}/i.test(value)) return hideKnownSecrets(value)
  if (/^[^\s"'<>{}]+$/.test(value) && /[/?#]/.test(value)) return url(value, false)
  const records = { url, isSecretName, hide: false }
  return sanitizeJson(value, records) ?? sanitizeMessage(value, records)
}

/** Needed to draw the page, and no content where it stands. */
function isLayout(name: string, value: string, facts: FieldFacts): boolean {
  if (!isLayoutAttribute(name)) return isDrawing(name, facts)
  return !facts.tag.includes('-') || isGlobalAttribute(name) || PLAIN_VALUE.test(value)
}

function isDrawing(name: string, { live }: FieldFacts): boolean {
  return isDrawingAttribute(name) && live !== null && live.namespaceURI !== 'http://www.w3.org/1999/xhtml'
}

/** Code, state and copies of documents: of no use to a replay, whatever the level. */
function isNever(name: string, { tag, attribute }: FieldFacts): boolean {
  if (name === 'srcdoc' || name === 'nonce' || name === 'ping' || name === 'attributionsrc') return true
  if (name.startsWith('on')) return true
  if (/^(?:script|noscript|noembed|noframes|template)$/.test(tag)) return name !== 'type'
  if (tag !== 'meta') return false
  if (name === 'charset' || name === 'name') return false
  return !(name === 'content' && DRAWING_META.test(attribute('name') ?? ''))
}

function rewriteValue(
  name: string,
  value: string,
  facts: FieldFacts,
  scope: Scope,
  { fieldsWithin }: AttributeRules,
): string | undefined {
  const { tag } = facts
  if (isField(tag) || tag.includes('-')) return fieldValue(facts, value, scope.regime)
  if (isOption(tag)) return areOptionsHidden(scope) ? maskText(value) : value
  if (!isHidden('text', scope.regime) && !repeatsTyped(name, value, facts, scope, fieldsWithin)) return value
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

/** Spin buttons say there what was typed, in a form of its own. */
function isNumberOfField(name: string, facts: FieldFacts, scope: Scope): boolean {
  return (
    /^aria-value(?:now|text)$/.test(name) && isField(facts.tag) && isHidden(fieldChannel(facts), scope.regime)
  )
}
