import { mount, unmount } from 'svelte'
import { createSessionReplay, type ReplayController } from '../../../src/index.ts'
import App from './App.svelte'

declare global {
  interface Window {
    replay: ReplayController
    /** Mounts and unmounts so many apps, one after the other. */
    remount(times: number): Promise<void>
  }
}

const { origin } = window.location
const options = {
  apiKey: 'test-key',
  analytics: { serverUrl: `${origin}/2/httpapi`, autocapture: false, fetchRemoteConfig: false },
  sampleRate: 1,
  configServerUrl: `${origin}/config`,
  trackServerUrl: `${origin}/sessions/v2/track`,
}

// Records all the time, so that what is left behind by the recorder counts, too.
window.replay = createSessionReplay(options)
window.replay.start()
const target = document.querySelector('#root') as Element
const isOwner = new URLSearchParams(window.location.search).has('owner')
const provider = isOwner ? options : { client: window.replay }

const drawn = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))

window.remount = async (times) => {
  for (let round = 0; round < times; round++) {
    const app = mount(App, { target, props: { provider } })
    await drawn()
    await unmount(app)
  }
}
