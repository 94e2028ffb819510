import * as amplitude from '@amplitude/analytics-browser'
import { createSessionReplay } from '@session-replay-kit/core'

const replay = createSessionReplay({ amplitude, sampleRate: 1, useWebWorker: true })
Object.assign(window, { replay })
replay.start()
amplitude.init('fresh-app', { autocapture: { sessions: true } })

const list = document.querySelector('ul')
document.querySelector('button').addEventListener('click', () => {
  list.appendChild(document.createElement('li')).textContent = `item ${list.children.length}`
})
