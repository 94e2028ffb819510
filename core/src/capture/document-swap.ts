import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

/**
 * Calls `onSwap` when the root element or the body was replaced as a whole (`document.open()`, libraries that
 * swap pages), once the new document is parsed. `document.open()` also removes every listener of document and window,
 * so whoever listens must begin anew.
 */
export function watchDocumentSwap(onSwap: () => void, report: Report): Stop {
  let root = document.documentElement
  let body = document.body
  let stopWaiting: Stop = () => {}
  const observer = new MutationObserver(guard('watching for a new document', report, () => look()))

  const observe = (): void => {
    observer.disconnect()
    observer.observe(document, { childList: true })
    if (root) observer.observe(root, { childList: true })
  }
  const swapped = guard('a new document', report, () => {
    if (document.readyState === 'loading') return
    stopWaiting()
    onSwap()
  })
  const look = (): void => {
    if (document.documentElement === root && document.body === body) return
    root = document.documentElement
    body = document.body
    observe()
    if (!root || !body) return
    if (document.readyState === 'loading') wait()
    else swapped()
  }
  const wait = (): void => {
    document.addEventListener('readystatechange', swapped)
    stopWaiting = () => document.removeEventListener('readystatechange', swapped)
  }

  observe()
  return () => {
    observer.disconnect()
    stopWaiting()
  }
}

/** Listens until stopped, and begins anew in each new document. */
export function keepListening(listen: (isNewDocument: boolean) => Stop, report: Report): Stop {
  let stop = listen(false)
  const unwatch = watchDocumentSwap(() => {
    stop()
    stop = listen(true)
  }, report)
  return () => {
    unwatch()
    stop()
  }
}
