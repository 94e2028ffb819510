import type { PrivacyProps } from '@session-replay-kit/core/props'
import { createContext, useContext } from 'react'

export const PrivacyContext = /* @__PURE__ */ createContext<PrivacyProps>({})

/**
 * The attributes of the `<ReplayPrivacyBoundary>`s around this component, for the root element of a portal:
 * attributes on the page's elements do not reach it.
 *
 * @example
 * createPortal(<div {...usePrivacyProps()}>…</div>, document.body)
 */
export function usePrivacyProps(): PrivacyProps {
  return useContext(PrivacyContext)
}
