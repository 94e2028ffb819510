import type { MaskLevel } from '@session-replay-kit/core'
import {
  blockProps,
  maskProps,
  mergePrivacy,
  PRIVACY_ATTRIBUTES,
  type PrivacyProps,
  type PrivacySwitch,
  unmaskProps,
} from '@session-replay-kit/core/props'
import {
  defineComponent,
  getCurrentInstance,
  inject,
  type PropType,
  type Slots,
  type SlotsType,
  type VNode,
  watch,
} from 'vue'
import { sessionReplayKey } from './key.ts'
import { keepStricter, markSlot } from './mark-slot.ts'
import { providePrivacy } from './usePrivacyProps.ts'

const WHEN = { type: Boolean, default: true } as const

type DefaultSlot = SlotsType<{ default?: () => VNode[] }>

/** Masks text, fields and text-bearing attributes of its content. Writes attributes only: no element of its own. */
export const ReplayMask = defineComponent({
  name: 'ReplayMask',
  props: {
    when: WHEN,
    /** `light` and `medium` only raise the level below; without, everything is masked. */
    level: { type: String as PropType<MaskLevel>, default: undefined },
  },
  slots: Object as DefaultSlot,
  setup: (props, { slots }) => renderMarked(slots, () => maskProps(props.when && (props.level ?? true))),
})

/** Shows its content where no mask or block covers it. Passwords, cards and one-time codes stay hidden. */
export const ReplayUnmask = defineComponent({
  name: 'ReplayUnmask',
  props: { when: WHEN },
  slots: Object as DefaultSlot,
  setup: (props, { slots }) => renderMarked(slots, () => unmaskProps(props.when)),
})

/** Leaves its content out of the recording; the place it takes is kept. */
export const ReplayBlock = defineComponent({
  name: 'ReplayBlock',
  props: { when: WHEN },
  slots: Object as DefaultSlot,
  setup: (props, { slots }) => renderMarked(slots, () => blockProps(props.when)),
})

/**
 * All three in one, by props. As the others it tells the components below what holds, so that teleported content can
 * ask with `usePrivacyProps()`.
 */
export const ReplayPrivacyBoundary = defineComponent({
  name: 'ReplayPrivacyBoundary',
  props: {
    mask: { type: [Boolean, String] as PropType<PrivacySwitch>, default: false },
    unmask: Boolean,
    block: Boolean,
  },
  slots: Object as DefaultSlot,
  setup: (props, { slots }) =>
    renderMarked(slots, () => ({
      ...maskProps(props.mask),
      ...unmaskProps(props.unmask),
      ...blockProps(props.block),
    })),
})

function renderMarked(slots: Slots, own: () => PrivacyProps): () => VNode | (VNode | null)[] {
  const marks = providePrivacy(own)
  const client = inject(sessionReplayKey, null)
  const instance = getCurrentInstance()
  // Before the content changes; what comes after that waits as long as a `<Suspense>` around does.
  watch(marks, (now, before) => {
    if (hidesMore(now, before)) client?.privacyChanged()
  })
  // What shows more is told when it is in the document.
  watch(
    marks,
    (now, before) => {
      if (hidesMore(now, before) || PRIVACY_ATTRIBUTES.every((mark) => now[mark] === before[mark])) return
      const root = instance?.subTree.el
      client?.privacyChanged(root instanceof Element ? root : undefined)
    },
    { flush: 'post' },
  )
  return () => {
    const content = markSlot(slots.default?.() ?? [], marks.value)
    // Alone it takes over what is written on this component, too: class, style, listeners.
    const [only] = content
    if (!only || content.length > 1) return content
    if (instance) keepStricter(only, instance.attrs)
    return only
  }
}

function hidesMore(now: PrivacyProps, before: PrivacyProps): boolean {
  const both = mergePrivacy(before, now)
  return (
    both['data-amp-mask'] !== before['data-amp-mask'] ||
    both['data-amp-block'] !== before['data-amp-block'] ||
    both['data-amp-unmask'] !== now['data-amp-unmask']
  )
}
