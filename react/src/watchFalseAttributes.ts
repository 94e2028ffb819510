import { warnOnce } from './development.ts'

const NAMES = ['data-amp-mask', 'data-amp-unmask', 'data-amp-block']
const WRONG = NAMES.map((name) => `[${name}="false"]`).join()

let watchers = 0
let observer: MutationObserver | null = null

/** Development only: React writes `data-amp-mask={false}` as the text "false", which still masks. Warns once. */
export function watchFalseAttributes(): () => void {
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

/** False once there is nothing more to tell. */
function look(): boolean {
  const element = document.querySelector(WRONG)
  if (!element) return true
  const name = NAMES.find((each) => element.getAttribute(each) === 'false')
  warnOnce(
    'FALSE_ATTRIBUTE',
    `<${element.localName} ${name}="false"> still has the attribute, so it counts as yes. Write {...maskProps(condition)} instead of ${name}={condition}.`,
  )
  return false
}
