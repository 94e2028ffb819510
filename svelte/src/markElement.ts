import { mergePrivacy, type PrivacyProps } from '@session-replay-kit/core/props'

/** Sets the attributes now; the returned function puts back what was there before. */
export function markElement(element: Element, props: PrivacyProps): () => void {
  const names = Object.keys(props) as (keyof PrivacyProps)[]
  const before = names.map((name) => element.getAttribute(name))
  // What the element says by itself may be the stricter one.
  const merged = mergePrivacy(Object.fromEntries(names.map((name, index) => [name, before[index]])), props)
  for (const name of names) element.setAttribute(name, merged[name] ?? '')
  return () => {
    // On its way out it keeps its marks: unmarking would only cost the recording a fresh snapshot.
    if (!element.isConnected) return
    names.forEach((name, index) => {
      const value = before[index]
      if (typeof value === 'string') element.setAttribute(name, value)
      else element.removeAttribute(name)
    })
  }
}
