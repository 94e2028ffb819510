import {
  blockProps,
  maskProps,
  mergePrivacy,
  type PrivacyProps,
  unmaskProps,
} from '@session-replay-kit/core/props'
import { type ReactNode, useMemo } from 'react'
import { isDevelopment, warnOnce } from './development.ts'
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
  mode = level === undefined ? undefined : 'mask',
  ...place
}: ReplayPrivacyBoundaryProps): ReactNode {
  const outer = usePrivacyProps()
  const effective = useMemo(() => {
    if (mode === undefined || !when) return outer
    return mergePrivacy(outer, propsOf(mode, level))
  }, [outer, mode, when, level])
  return (
    <PrivacyContext.Provider value={effective}>
      {marked(effective, place, 'ReplayPrivacyBoundary')}
    </PrivacyContext.Provider>
  )
}

function propsOf(
  mode: NonNullable<ReplayPrivacyBoundaryProps['mode']>,
  level: ReplayPrivacyBoundaryProps['level'],
): PrivacyProps {
  if (mode === 'unmask') return unmaskProps()
  if (mode === 'block') return blockProps()
  if (mode !== 'mask' && isDevelopment) {
    warnOnce(
      'BAD_OPTION',
      `<ReplayPrivacyBoundary> has mode=${JSON.stringify(mode)}; use 'mask', 'unmask' or 'block'. Its content is masked.`,
    )
  }
  return maskProps(level ?? true)
}
