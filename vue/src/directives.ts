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
import type { DirectiveBinding, ObjectDirective, VNode } from 'vue'
import { readMarks } from './read-marks.ts'

/** `v-amp-mask`, `v-amp-mask="isPrivate"`, `v-amp-mask:medium`. No value counts as true, and so does `''` where it hides. */
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
    'amp-unmask': markDirective((when) => unmaskProps(when || false), client),
    'amp-block': markDirective(blockProps, client),
    'amp-pause': pauseDirective(client),
  }
}

type Binding = Pick<DirectiveBinding<PrivacySwitch, string, MaskLevel>, 'dir' | 'value' | 'arg'>

function markDirective(
  propsOf: (when: PrivacySwitch) => PrivacyProps,
  client: ReplayController,
): AmpDirective {
  /**
   * A directive on a component ends up on its root, beside one that stands there: each of them is told of an update, and
   * all of them count. So do the element's own attributes.
   */
  const wanted = (binding: Binding, vnode: VNode | null): PrivacyProps =>
    (vnode?.dirs ?? [binding])
      .filter(({ dir }) => dir === binding.dir)
      .map(({ value, arg }) => propsOf(value === undefined || value === true ? (arg ?? true) : value))
      .reduce(mergePrivacy, mergePrivacy(vnode?.props, {}))
  const mine = PRIVACY_ATTRIBUTES.filter((mark) => mark in propsOf(true))

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
      apply(element, wanted(binding, vnode))
    },
    // What hides is in force before the content changes: `updated` waits as long as a `<Suspense>` around it does.
    beforeUpdate(element, binding, vnode) {
      const marks = wanted(binding, vnode)
      const own = readMarks(element)
      const held = mergePrivacy(own, marks)
      if (marks['data-amp-unmask'] === undefined || own['data-amp-unmask'] === null)
        delete held['data-amp-unmask']
      if (apply(element, held)) client.privacyChanged()
    },
    updated(element, binding, vnode) {
      if (apply(element, wanted(binding, vnode))) client.privacyChanged(element)
    },
    getSSRProps: (binding, vnode) => wanted(binding, vnode),
  }
}

/** Held from before the element is in the document until it is gone, whatever shows or hides it meanwhile. */
function pauseDirective(client: ReplayController): ObjectDirective<Element, boolean | undefined> {
  const releases = new WeakMap<Element, Release>()
  const follow = (element: Element, wanted: boolean): void => {
    const release = releases.get(element)
    if (wanted && !release) {
      releases.set(element, client.hold('component', { detail: 'v-amp-pause', settle: 'replaced' }))
    }
    if (wanted || !release) return
    releases.delete(element)
    release()
  }
  return {
    created: (element, { value }) => follow(element, value ?? true),
    // Before the children change.
    beforeUpdate: (element, { value }) => follow(element, value ?? true),
    // While it is in the document: what comes in its place must not pass for what is leaving.
    beforeUnmount: (element) => follow(element, false),
    getSSRProps: () => ({}),
  }
}
