import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { forbiddenWarning } from './warnings.ts'

/** The part of `Document` that is used. */
export type ViolationTarget = Pick<Document, 'addEventListener' | 'removeEventListener' | 'baseURI'>

export interface PolicyWatch {
  /** The page's Content-Security-Policy has blocked a request to the address. */
  isForbidden(): boolean
  stop: Stop
}

/** Says once, clearly, that the page's Content-Security-Policy blocks `url`. */
export function watchPolicy(url: string, target: ViolationTarget, report: Report): PolicyWatch {
  const own = originOf(url, target.baseURI)
  let forbidden = false
  const check = guard('the watch for blocked requests', report, (event: SecurityPolicyViolationEvent) => {
    const origin = originOf(event.blockedURI, target.baseURI)
    if (!origin || origin !== own) return
    if (event.disposition === 'report' || !event.effectiveDirective.startsWith('connect-src')) return
    forbidden = true
    report(forbiddenWarning(url))
  })
  target.addEventListener('securitypolicyviolation', check)
  return {
    isForbidden: () => forbidden,
    stop: () => target.removeEventListener('securitypolicyviolation', check),
  }
}

function originOf(url: string, base: string): string | undefined {
  try {
    return new URL(url, base).origin
  } catch {
    return undefined
  }
}
