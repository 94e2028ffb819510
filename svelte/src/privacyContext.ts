import type { PrivacyProps } from '@session-replay-kit/core/props'
import { createContext } from 'svelte'

/** Read `props` where they are spread: they follow the boundary. */
export interface PrivacyScope {
  readonly props: PrivacyProps
}

const [getScope, setScope] = createContext<PrivacyScope>()

export { setScope }

/**
 * The attributes of the `<ReplayPrivacyBoundary>`s around this component, for the root element of a portal:
 * attributes on the page's elements do not reach it. Call it in the component's script.
 *
 * @example
 * const privacy = usePrivacyProps()
 * // <div {@attach toBody} {...privacy.props}>…</div>
 */
export function usePrivacyProps(): PrivacyScope {
  try {
    return getScope()
  } catch {
    return NONE
  }
}

const NONE: PrivacyScope = Object.freeze({ props: Object.freeze({}) })
