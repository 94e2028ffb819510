import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

/** The part of `Document` that is used. */
export type ViolationTarget = Pick<Document, 'addEventListener' | 'removeEventListener' | 'baseURI'>

export interface PolicyWatch {
  /** The page's Content-Security-Policy has blocked a request to the address. */
  isForbidden(): boolean
  stop: Stop
}

/** Calls once, when the page's Content-Security-Policy blocks a request to `url` or below it. */
export function watchPolicy(
  url: string,
  target: ViolationTarget | undefined,
  report: Report,
  onForbidden: () => void,
): PolicyWatch {
  const own = parse(url, target?.baseURI)
  let forbidden = false
  const check = guard('the watch for blocked requests', report, (event: SecurityPolicyViolationEvent) => {
    const blocked = parse(event.blockedURI, target?.baseURI)
    if (forbidden || !own || blocked?.origin !== own.origin) return
    // After a redirect browsers tell the origin only.
    if (blocked.pathname !== '/' && !blocked.pathname.startsWith(own.pathname)) return
    if (event.disposition === 'report' || !event.effectiveDirective.startsWith('connect-src')) return
    forbidden = true
    onForbidden()
  })
  target?.addEventListener('securitypolicyviolation', check)
  return {
    isForbidden: () => forbidden,
    stop: () => target?.removeEventListener('securitypolicyviolation', check),
  }
}

function parse(url: string, base: string | undefined): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
