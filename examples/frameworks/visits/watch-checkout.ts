/** The checkout came on show, or went: out of the document, or hidden in it. Times are the page's own clock. */
export interface Sighting {
  readonly isShown: boolean
  readonly at: number
}

/** Runs in the page before its own scripts, and tells `window.sighted` what it sees. */
export function watchCheckout(): void {
  let wasShown = false
  const look = (): void => {
    const isShown = [...document.querySelectorAll('.checkout')].some((area) => area.checkVisibility())
    if (isShown === wasShown) return
    wasShown = isShown
    const { sighted } = window as unknown as { sighted(one: Sighting): void }
    sighted({ isShown, at: Date.now() })
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true })
}
