import { rewriteReference } from './address-attributes.ts'
import { type CssRules, sanitizeCss, sanitizeCssValue } from './css.ts'
import type { Scope } from './decide.ts'
import type { AttributeValue, StyleDiff } from './events.ts'
import type { FieldFacts } from './fields.ts'
import { isHidden } from './levels.ts'
import { isTypedAddress, typedNear } from './typed-copies.ts'
import type { FieldsWithin } from './typing.ts'
import type { UrlSanitizer } from './url.ts'

const MEASURE =
  /[\d.](?:%|px|r?em|r?ex|r?ch|r?cap|r?ic|r?lh|[sld]?v(?:w|h|i|b|min|max)|cq(?:w|h|i|b|min|max)|cm|mm|q|in|pt|pc|g?rad|deg|turn|m?s|k?hz|dp(?:i|cm|px)|x|fr)$/i

/** Of these, what a layout is made of. */
const LENGTH = /[\d.](?:px|r?em|r?ch|r?lh)$/i

/** A number with its unit, or one that a function reckons with: alone it may be an account or a code. */
export const isMeasure = (number: string, isArgument: boolean): boolean => isArgument || MEASURE.test(number)

/** For sheets. Their short numbers are the design of the page, unless they stand below a mask. */
export function cssRules(scope: Scope, url: UrlSanitizer): CssRules {
  const hide = isHidden('cssString', scope.regime)
  const rules: CssRules = {
    hide,
    // `url(#clip)` names an element of the page.
    address: (address) =>
      address.startsWith('#') ? rewriteReference(address, hide, url) : url(address, hide),
  }
  return scope.regime === 'masked' ? { ...rules, keepsNumber: isMeasure } : rules
}

/** A `style` attribute, as a text or as what changed of it. */
export function rewriteStyle(
  value: AttributeValue,
  facts: FieldFacts,
  scope: Scope,
  url: UrlSanitizer,
  fieldsWithin: FieldsWithin,
): AttributeValue {
  const rules = mayRepeatTyped(value)
    ? rulesAroundFields(facts, scope, url, fieldsWithin)
    : rulesOf(scope, url)
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

const rulesOf = (scope: Scope, url: UrlSanitizer): CssRules => ({
  ...cssRules(scope, url),
  keepsNumber: isMeasure,
})

/** Styles change with each step of an animation: only custom properties, strings and addresses are worth a look around. */
function mayRepeatTyped(value: AttributeValue): boolean {
  if (typeof value === 'string') return /--|["'\\]|url\(/i.test(value)
  if (value === null || typeof value !== 'object') return false
  for (const property in value) {
    if (property.startsWith('--') || /["'\\]|url\(/i.test(String(value[property]))) return true
  }
  return false
}

/** What a slider or a growing field writes into its style, or that of the element around it, is what was typed. */
function rulesAroundFields(
  facts: FieldFacts,
  scope: Scope,
  url: UrlSanitizer,
  fieldsWithin: FieldsWithin,
): CssRules {
  const rules = rulesOf(scope, url)
  if (!facts.live) return rules
  const typed = new Set<number>()
  let isNear = false
  for (const { text } of typedNear(facts.live, facts, scope)) {
    isNear = true
    typed.add(Number.parseFloat(text))
  }
  const address = (one: string): string => {
    if (isTypedAddress('style', one, facts, scope, fieldsWithin)) return ''
    return isNear && !one.startsWith('#') ? url(one, true) : rules.address(one)
  }
  if (!isNear) return { ...rules, address }
  return {
    hide: true,
    address,
    keepsNumber: (number) => LENGTH.test(number) && !typed.has(Number.parseFloat(number)),
  }
}
