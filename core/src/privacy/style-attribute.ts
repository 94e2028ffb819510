import { type CssRules, sanitizeCss, sanitizeCssValue } from './css.ts'
import type { Scope } from './decide.ts'
import type { AttributeValue, StyleDiff } from './events.ts'
import { isHidden } from './levels.ts'
import type { UrlSanitizer } from './url.ts'

export function cssRules(scope: Scope, url: UrlSanitizer): CssRules {
  const hide = isHidden('cssString', scope.regime)
  return {
    hide,
    // `url(#clip)` names an element of the page.
    address: (address) => (address.startsWith('#') ? address : url(address, hide)),
  }
}

export function rewriteStyle(value: AttributeValue, scope: Scope, url: UrlSanitizer): AttributeValue {
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
