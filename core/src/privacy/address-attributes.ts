import { isPictureTag, isReferenceTag } from './attribute-names.ts'
import { sanitizeCssValue } from './css.ts'
import type { Scope } from './decide.ts'
import { hideEmails } from './emails.ts'
import { isHidden } from './levels.ts'
import { maskText } from './mask.ts'
import type { UrlSanitizer } from './url.ts'

/** A picture of one transparent dot, where the real one is private. */
const NO_PICTURE = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

/** Ends in the id of a part of a drawing. */
const REFERENCE = /^([^#]*)(#[^#=?&%]+)$/

export function rewriteAddress(
  name: string,
  value: string,
  tag: string,
  scope: Scope,
  url: UrlSanitizer,
): string | undefined {
  const hide = isHidden('addressQuery', scope.regime)
  if (hide && /^\s*data:/i.test(value)) return isPictureTag(tag) ? NO_PICTURE : undefined
  if (isReferenceTag(tag) && (name === 'href' || name === 'xlink:href')) {
    if (REFERENCE.test(value)) return rewriteReference(value, hide, url)
  }
  if (!isPictureTag(tag) && isHidden('linkAddress', scope.regime)) return tag === 'iframe' ? undefined : '#'
  return url(value, hide)
}

/** Addresses hold commas too: only those at its end part a candidate from the next. */
const CANDIDATE = /([^\s,](?:\S*[^\s,])?)(?:,+|([^,(]*(?:\([^)]*\)?[^,(]*)*))/g

export function rewriteSourceSet(value: string, scope: Scope, url: UrlSanitizer): string | undefined {
  const hide = isHidden('addressQuery', scope.regime)
  const safe: string[] = []
  for (const [, address = '', size = ''] of value.matchAll(CANDIDATE)) {
    if (hide && /^data:/i.test(address)) return undefined
    safe.push(`${url(address, hide)} ${/^[\d.]+[wxh]$/.test(size.trim()) ? size.trim() : ''}`.trimEnd())
  }
  return safe.join(', ')
}

/** Presentation and animation of a drawing, where they name an address: `fill="url(…)"`, `to="/icon.svg"`. */
export function rewriteDrawing(
  name: string,
  value: string,
  tag: string,
  scope: Scope,
  url: UrlSanitizer,
): string | undefined {
  const hide = isHidden('cssString', scope.regime)
  if (hide && /data:/i.test(value)) return undefined
  if (!/url\(|\\/i.test(value)) {
    if (name !== 'values') return rewriteAddress(name, value, tag, scope, url)
    return value.replace(/[^;]+/g, (one) => rewriteAddress(name, one, tag, scope, url) ?? '')
  }
  return sanitizeCssValue(name, value, { hide, address: (one) => rewriteReference(one, hide, url) })
}

/** An address that may name a part of a drawing: by its id as the part itself has it, or they would not meet. */
export function rewriteReference(value: string, hide: boolean, url: UrlSanitizer): string {
  const [, before = '', id] = REFERENCE.exec(value) ?? []
  if (id === undefined) return url(value, hide)
  return url(before, hide) + (hide ? hideEmails(id, maskText) : id)
}
