import type { MaskLevel } from '@session-replay-kit/core'
import type { BlockProps, MaskProps, PrivacyProps, UnmaskProps } from '@session-replay-kit/core/props'
import type { Snippet } from 'svelte'
import type { HTMLAttributes } from 'svelte/elements'

/** `child` puts the attributes on an element of the app; otherwise an element is made around `children`. */
export type Place<Props = PrivacyProps> =
  | { child: Snippet<[{ props: Props }]>; as?: never; children?: never }
  | ({
      child?: never
      /** Name of the element. @default a `span` that takes no part in the layout (`display: contents`) */
      as?: string
      children?: Snippet
    } & Omit<HTMLAttributes<HTMLElement>, 'children'>)

interface Switch {
  /** The element stays when this changes; only its attribute comes and goes. @default true */
  when?: boolean
}

/** Props of `<Mask>`. */
export type MaskElementProps = Switch & {
  /** Sets this level below instead of masking everything; it may only tighten. */
  level?: MaskLevel
} & Place<MaskProps>

/** Props of `<Unmask>`. */
export type UnmaskElementProps = Switch & Place<UnmaskProps>

/** Props of `<Block>`. */
export type BlockElementProps = Switch & Place<BlockProps>

/** Props of `<ReplayPrivacyBoundary>`. */
export type ReplayPrivacyBoundaryProps = Switch & {
  level?: MaskLevel
  /**
   * Leave out to carry on what the boundary above says, for the content of a portal.
   * @default 'mask' when there is a `level`
   */
  mode?: 'mask' | 'unmask' | 'block'
} & Place
