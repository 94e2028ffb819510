// Without the Browser SDK, which is not installed here.
import { flush, init } from '@session-replay-kit/core'

await init('fresh-app', { deviceId: 'device-1', sessionId: Date.now(), sampleRate: 1, useWebWorker: true })
  .promise
Object.assign(window, { replay: { flush } })

const list = document.querySelector('ul')
document.querySelector('button').addEventListener('click', () => {
  list.appendChild(document.createElement('li')).textContent = `item ${list.children.length}`
})
