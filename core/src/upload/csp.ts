import { guard, ReplayError, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

/** The part of `Document` that is used. */
export type ViolationTarget = Pick<Document, 'addEventListener' | 'removeEventListener' | 'baseURI'>

/** Says once, clearly, that the page's Content-Security-Policy blocks one of `urls`. */
export function watchCspViolations(urls: readonly string[], target: ViolationTarget, report: Report): Stop {
  const origins = new Set(urls.map((url) => originOf(url, target.baseURI)))
  const check = guard('the watch for blocked requests', report, (event: SecurityPolicyViolationEvent) => {
    const origin = originOf(event.blockedURI, target.baseURI)
    if (!origin || !origins.has(origin)) return
    if (event.disposition === 'report' || !event.effectiveDirective.startsWith('connect-src')) return
    report(
      new ReplayError(
        'TRANSPORT_BLOCKED',
        `Session Replay: this page's Content-Security-Policy blocks ${origin}. Add it to connect-src; recordings are kept until then.`,
      ),
    )
  })
  target.addEventListener('securitypolicyviolation', check)
  return () => target.removeEventListener('securitypolicyviolation', check)
}

function originOf(url: string, base: string): string | undefined {
  try {
    return new URL(url, base).origin
  } catch {
    return undefined
  }
}
