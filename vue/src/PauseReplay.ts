import { defineComponent, type SlotsType, type VNode } from 'vue'
import { usePauseReplay } from './usePauseReplay.ts'

/** Nothing is recorded while this is mounted and `when` is true. Renders its slot and no element of its own. */
export const PauseReplay = defineComponent({
  name: 'PauseReplay',
  inheritAttrs: false,
  props: {
    when: { type: Boolean, default: true },
    /** Named in `reasons` and `explain()`. */
    detail: { type: String, default: undefined },
  },
  slots: Object as SlotsType<{ default?: () => VNode[] }>,
  setup(props, { slots }) {
    usePauseReplay(() => props.when, props.detail === undefined ? {} : { detail: props.detail })
    return () => slots.default?.()
  },
})
