import { startFrameChild, startFrameParent } from '../../../src/capture/iframes.ts'
import { type Capture, startCapture } from '../../../src/capture/record.ts'
import type { Stop } from '../../../src/types.ts'

/**
 * A page that tests put into a frame of another origin: it has the kit, and does what the test posts to it.
 * `allow` names the origins it trusts, `inner` the address of a frame inside.
 */
const params = new URLSearchParams(location.search)
const allowedOrigins = params.getAll('allow')
const report = (error: Error): void => {
  throw error
}

if (params.has('inner')) {
  const inner = document.createElement('iframe')
  inner.src = params.get('inner') ?? ''
  document.body.append(inner)
}

let capture: Capture | undefined
let stopParent: Stop | undefined

const child = startFrameChild({
  allowedOrigins,
  report,
  onStart() {
    capture = startCapture({
      emit: child.post,
      rewrite: (event) => event,
      blockSelector: '',
      settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
      report,
    })
    stopParent = startFrameParent({ capture, allowedOrigins, report })
  },
  onStop() {
    stopParent?.()
    capture?.stop()
    parent.postMessage({ test: 'stopped' }, '*')
  },
  onSnapshot: () => capture?.takeFullSnapshot(),
})

addEventListener('message', ({ data }) => {
  if (data?.test === 'ask') parent.postMessage({ test: 'answer' }, '*')
  if (data?.test === 'append') {
    const line = document.createElement('p')
    line.textContent = data.text
    document.body.append(line)
  }
  if (data?.test === 'type') {
    const field = document.body.appendChild(document.createElement('input'))
    setTimeout(() => {
      field.value = data.text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
  }
})
