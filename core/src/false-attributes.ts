import type { Stop } from './types.ts'

const NAMES = ['data-amp-mask', 'data-amp-unmask', 'data-amp-block']

let watchers = 0
let observer: MutationObserver | null = null

/**
 * For development: frameworks write `data-amp-mask={false}` as the text "false", which still masks. `warn` is called
 * once, with what to write instead. Returns the end of it.
 */
export function watchFalseAttributes(warn: (message: string) => void): Stop {
  /** False once there is nothing more to tell. */
  const look = (): boolean => {
    // A test's document may be gone before the app that was in it.
    const element = globalThis.document?.querySelector(NAMES.map((name) => `[${name}="false"]`).join())
    if (!element) return true
    const name = NAMES.find((each) => element.getAttribute(each) === 'false')
    warn(
      `<${element.localName} ${name}="false"> still has the attribute, so it counts as yes. Spread maskProps(condition) instead, which leaves it away.`,
    )
    return false
  }
  watchers++
  if (watchers === 1 && look()) {
    observer = new MutationObserver(() => {
      if (!look()) observer?.disconnect()
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: NAMES })
  }
  return () => {
    watchers--
    if (watchers === 0) observer?.disconnect()
  }
}
