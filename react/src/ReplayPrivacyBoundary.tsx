import { blockProps, maskProps, mergePrivacy, unmaskProps } from '@session-replay-kit/core/props'
import { type ReactNode, useMemo } from 'react'
import { type MaskElementProps, marked } from './privacy.tsx'
import { PrivacyContext, usePrivacyProps } from './usePrivacyProps.ts'

export type ReplayPrivacyBoundaryProps = MaskElementProps & {
  /**
   * Leave out to carry on what the boundary above says, for the content of a portal.
   * @default 'mask' when there is a `level`
   */
  mode?: 'mask' | 'unmask' | 'block'
}

/**
 * Marks its content, and tells it to portals below: another boundary without `mode` inside the portal, or
 * `usePrivacyProps()`, puts the same attributes there.
 */
export function ReplayPrivacyBoundary({
  when = true,
  level,
  mode = level && 'mask',
  ...place
}: ReplayPrivacyBoundaryProps): ReactNode {
  const outer = usePrivacyProps()
  const effective = useMemo(() => {
    if (mode === undefined || !when) return outer
    const own = { mask: () => maskProps(level ?? true), unmask: unmaskProps, block: blockProps }[mode]()
    return mergePrivacy(outer, own)
  }, [outer, mode, when, level])
  return (
    <PrivacyContext.Provider value={effective}>
      {marked(effective, place, 'ReplayPrivacyBoundary')}
    </PrivacyContext.Provider>
  )
}
