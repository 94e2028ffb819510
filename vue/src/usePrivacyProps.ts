import { mergePrivacy, type PrivacyProps } from '@session-replay-kit/core/props'
import { type ComputedRef, computed, type InjectionKey, inject, provide } from 'vue'

const privacyKey: InjectionKey<ComputedRef<PrivacyProps>> = Symbol('session replay privacy')

/**
 * The attributes that hold here by the component tree, for content that leaves the element tree:
 * `<Teleport to="body"><div v-bind="privacy">…</div></Teleport>`. Call it in `setup()` below a `ReplayMask`,
 * `ReplayUnmask`, `ReplayBlock` or `ReplayPrivacyBoundary`.
 */
export function usePrivacyProps(): ComputedRef<PrivacyProps> {
  const above = inject(privacyKey, null)
  return computed(() => above?.value ?? {})
}

/** Adds to what holds above, for all components below. */
export function providePrivacy(own: () => PrivacyProps): ComputedRef<PrivacyProps> {
  const above = usePrivacyProps()
  const marks = computed(() => mergePrivacy(above.value, own()))
  provide(privacyKey, marks)
  return marks
}
