import type { MaskLevel, Release, ReplayController } from '@session-replay-kit/core'
import {
  blockProps,
  maskProps,
  mergePrivacy,
  PRIVACY_ATTRIBUTES,
  type PrivacyProps,
  type PrivacySwitch,
  unmaskProps,
} from '@session-replay-kit/core/props'
import type { DirectiveBinding, ObjectDirective } from 'vue'

/** `v-amp-mask`, `v-amp-mask="isPrivate"`, `v-amp-mask:medium`. No value counts as true. */
export type AmpDirective = ObjectDirective<Element, PrivacySwitch, string, MaskLevel>

export interface SessionReplayDirectives {
  'amp-mask': AmpDirective
  'amp-unmask': AmpDirective
  'amp-block': AmpDirective
  'amp-pause': ObjectDirective<Element, boolean | undefined>
}

export function createDirectives(client: ReplayController): SessionReplayDirectives {
  return {
    'amp-mask': markDirective(maskProps, client),
    'amp-unmask': markDirective(unmaskProps, client),
    'amp-block': markDirective(blockProps, client),
    'amp-pause': pauseDirective(client),
  }
}

type Binding = Pick<DirectiveBinding<PrivacySwitch, string, MaskLevel>, 'value' | 'arg'>

function markDirective(
  propsOf: (when: PrivacySwitch) => PrivacyProps,
  client: ReplayController,
): AmpDirective {
  const wanted = ({ value, arg }: Binding, own: Record<string, unknown> | null | undefined): PrivacyProps =>
    mergePrivacy(own, propsOf(value === undefined || value === true ? (arg ?? true) : value))
  const mine = PRIVACY_ATTRIBUTES.filter((mark) => mark in propsOf(true))

  /** The element's own attributes count as well: they are written just before, and may be the stricter ones. */
  const apply = (element: Element, marks: PrivacyProps): boolean => {
    let changed = false
    for (const mark of mine) {
      const value = marks[mark] ?? null
      if (element.getAttribute(mark) === value) continue
      changed = true
      if (value === null) element.removeAttribute(mark)
      else element.setAttribute(mark, value)
    }
    return changed
  }

  return {
    beforeMount(element, binding, vnode) {
      apply(element, wanted(binding, vnode.props))
    },
    updated(element, binding, vnode) {
      if (apply(element, wanted(binding, vnode.props))) client.privacyChanged(element)
    },
    getSSRProps: (binding, vnode) => wanted(binding, vnode?.props),
  }
}

/** Held from before the element is in the document until it is gone, whatever shows or hides it meanwhile. */
function pauseDirective(client: ReplayController): ObjectDirective<Element, boolean | undefined> {
  const releases = new WeakMap<Element, Release>()
  const follow = (element: Element, wanted: boolean): void => {
    const release = releases.get(element)
    if (wanted && !release) releases.set(element, client.hold('component', { detail: 'v-amp-pause' }))
    if (wanted || !release) return
    releases.delete(element)
    release()
  }
  return {
    created: (element, { value }) => follow(element, value ?? true),
    // Before the children change.
    beforeUpdate: (element, { value }) => follow(element, value ?? true),
    unmounted: (element) => follow(element, false),
    getSSRProps: () => ({}),
  }
}
