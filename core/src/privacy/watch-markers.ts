import type { Report } from '../errors.ts'
import { guard } from '../errors.ts'
import type { Stop } from '../types.ts'
import { EDITABLE, type Markers, namesIn } from './selectors.ts'

export interface MarkerWatch {
  /** Watches one more document or shadow root; known ones cost nothing. */
  add(root: Node): void
  /** Forgets all roots; those of the next snapshot are added again. */
  reset(): void
  stop: Stop
}

/**
 * Notices when a marker appears, disappears or changes, so that the replay can be corrected by a fresh
 * snapshot. Privacy does not depend on it: what an event may hold is decided from the live tree. It is
 * needed because rrweb does not tell when an element becomes blocked.
 */
export function watchMarkers(markers: Markers, onChanged: () => void, report: Report): MarkerWatch {
  const all = [...markers.block, ...markers.mask, ...markers.unmask]
  const { attributes, classes } = namesIn([...all, EDITABLE])
  const listed = all.join(',')

  const marks = (value: string | null): string =>
    (value ?? '')
      .split(/\s+/)
      .filter((name) => classes.has(name))
      .sort()
      .join(' ')

  const counts = ({ target, attributeName, oldValue }: MutationRecord): boolean => {
    const element = target as Element
    const value = Element.prototype.getAttribute.call(element, attributeName ?? '')
    if (attributeName === 'class' && !/\[\s*class/.test(listed)) return marks(oldValue) !== marks(value)
    if (attributeName === 'role') return isTextRole(oldValue) !== isTextRole(value)
    return oldValue !== value
  }

  let roots = new WeakSet<Node>()
  let observer: MutationObserver | undefined
  const create = (): MutationObserver =>
    new (nativeObserver())(
      guard('watching privacy markers', report, (records: MutationRecord[]) => {
        if (records.some(counts)) onChanged()
      }),
    )
  return {
    add(root) {
      if (roots.has(root)) return
      roots.add(root)
      observer ??= create()
      observer.observe(root, {
        subtree: true,
        attributes: true,
        attributeOldValue: true,
        attributeFilter: attributes,
      })
    },
    reset() {
      observer?.disconnect()
      roots = new WeakSet()
    },
    stop() {
      observer?.disconnect()
      observer = undefined
      roots = new WeakSet()
    },
  }
}

function isTextRole(role: string | null): boolean {
  return /(?:^|\s)(?:textbox|searchbox)(?:\s|$)/i.test(role ?? '')
}

/** zone.js replaces the observer by one that makes Angular check the whole page after each callback. */
function nativeObserver(): typeof MutationObserver {
  const kept: unknown = Reflect.get(globalThis, '__zone_symbol__MutationObserver')
  return typeof kept === 'function' ? (kept as typeof MutationObserver) : MutationObserver
}
