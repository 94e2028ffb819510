import { mergePrivacy, PRIVACY_ATTRIBUTES, type PrivacyProps } from '@session-replay-kit/core/props'

/** The marks that attachments and actions have put on one element. */
interface Marks {
  add(props: PrivacyProps): void
  delete(props: PrivacyProps): void
}

const marked = new WeakMap<Element, Marks>()

/** Sets the attributes now, until the returned function is called. The strictest of all that mark the element counts. */
export function markElement(element: Element, props: PrivacyProps): () => void {
  if (Object.keys(props).length === 0) return () => {}
  const marks = marked.get(element) ?? createMarks(element)
  marked.set(element, marks)
  marks.add(props)
  return () => {
    // On its way out it keeps its marks: unmarking would only cost the recording a fresh snapshot.
    if (element.isConnected) marks.delete(props)
  }
}

function createMarks(element: Element): Marks {
  const all = new Set<PrivacyProps>()
  /** What the element says by itself: the template writes the same attributes, whatever we have put there. */
  const own = new Map<string, string | null>()
  const learn = (name: string): unknown => own.set(name, element.getAttribute(name))
  const learnFrom = (records: MutationRecord[]): void => {
    for (const { attributeName } of records) learn(attributeName as string)
  }
  const write = (): void => {
    const merged = [...all].reduce(mergePrivacy, Object.fromEntries(own))
    for (const name of PRIVACY_ATTRIBUTES) {
      const value = (all.size > 0 ? merged[name] : own.get(name)) ?? null
      if (value === null) element.removeAttribute(name)
      else if (value !== element.getAttribute(name)) element.setAttribute(name, value)
    }
    // What is written here is not what the element says.
    observer.takeRecords()
  }
  const observer = new MutationObserver((records) => {
    learnFrom(records)
    write()
  })
  for (const name of PRIVACY_ATTRIBUTES) learn(name)
  observer.observe(element, { attributeFilter: [...PRIVACY_ATTRIBUTES] })
  return {
    add(props) {
      learnFrom(observer.takeRecords())
      all.add(props)
      write()
    },
    delete(props) {
      learnFrom(observer.takeRecords())
      all.delete(props)
      write()
      if (all.size > 0) return
      observer.disconnect()
      marked.delete(element)
    },
  }
}
