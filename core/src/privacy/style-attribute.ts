import { type CssRules, sanitizeCss, sanitizeCssValue } from './css.ts'
import type { Scope } from './decide.ts'
import type { AttributeValue, StyleDiff } from './events.ts'
import { isHidden } from './levels.ts'
import type { UrlSanitizer } from './url.ts'

const MEASURE =
  /[\d.](?:%|px|r?em|r?ex|r?ch|r?cap|r?ic|r?lh|[sld]?v(?:w|h|i|b|min|max)|cq(?:w|h|i|b|min|max)|cm|mm|q|in|pt|pc|g?rad|deg|turn|m?s|k?hz|dp(?:i|cm|px)|x|fr)$/i

/** A number with its unit, or one that a function reckons with: alone it may be an account or a code. */
export const isMeasure = (number: string, isArgument: boolean): boolean => isArgument || MEASURE.test(number)

/** For sheets. Their short numbers are the design of the page, unless they stand below a mask. */
export function cssRules(scope: Scope, url: UrlSanitizer): CssRules {
  const hide = isHidden('cssString', scope.regime)
  const rules: CssRules = {
    hide,
    // `url(#clip)` names an element of the page.
    address: (address) => (address.startsWith('#') ? address : url(address, hide)),
  }
  return scope.regime === 'masked' ? { ...rules, keepsNumber: isMeasure } : rules
}

/** A `style` attribute, as a text or as what changed of it. */
export function rewriteStyle(value: AttributeValue, scope: Scope, url: UrlSanitizer): AttributeValue {
  const rules = { ...cssRules(scope, url), keepsNumber: isMeasure }
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
