/**
 * Whether recordings may be exchanged with windows of `origin`.
 *
 * With a list: exactly the origins in it. Without one: only origins of the same site, meaning the same scheme
 * and the same host, or the same registrable domain. Which part of a host can be registered is guessed from
 * its labels (two, or three under endings like `co.uk`), and hosts that rent out subdomains to strangers never
 * count. In doubt the answer is no; the list is the remedy.
 */
export function isTrustedOrigin(
  origin: string,
  ownOrigin: string,
  allowedOrigins?: readonly string[] | undefined,
): boolean {
  if (allowedOrigins) return allowedOrigins.some((allowed) => originOf(allowed) === origin)
  if (origin === ownOrigin) return origin !== 'null'
  const other = parse(origin)
  const own = parse(ownOrigin)
  if (!other || !own || other.protocol !== own.protocol) return false
  if (other.hostname === own.hostname) return true
  const site = registrableDomain(own.hostname)
  return site !== undefined && site === registrableDomain(other.hostname)
}

/** Owners of these rent out the names below them. */
const RENTED =
  /(?:^|\.)(?:(?:github|gitlab|bitbucket|web|fly|read(?:the)?docs)\.(?:io|app|dev)|(?:vercel|netlify|firebaseapp|herokuapp|appspot|azurewebsites|cloudfront|amazonaws|myshopify|onrender|pages|workers|blogspot|wordpress|surge|glitch|ngrok|windows|cloudapp|run|replit|stackblitz|webcontainer)\.(?:app|com|net|dev|sh|me|io))$/

function registrableDomain(hostname: string): string | undefined {
  const labels = hostname.split('.')
  // Addresses of machines have no domain, single labels no owner.
  if (labels.length < 2 || /^[\d.]+$|:|\.$/.test(hostname) || RENTED.test(hostname)) return undefined
  const [second = '', top = ''] = labels.slice(-2)
  const needed = top.length === 2 && second.length <= 3 ? 3 : 2
  return labels.length >= needed ? labels.slice(-needed).join('.') : undefined
}

function parse(origin: string): URL | undefined {
  try {
    return new URL(origin)
  } catch {
    return undefined
  }
}

const originOf = (text: string): string | undefined => parse(text)?.origin
