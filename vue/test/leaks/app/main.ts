import {
  createApp,
  type Directive,
  defineComponent,
  h,
  resolveDirective,
  type VNode,
  withDirectives,
} from 'vue'
import {
  createSessionReplay,
  createSessionReplayPlugin,
  PauseReplay,
  ReplayBlock,
  type ReplayController,
  ReplayMask,
  ReplayPrivacyBoundary,
  usePrivacyProps,
  useSessionReplay,
} from '../../../src/index.ts'

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

const Consumers = defineComponent({
  setup() {
    const { status, isRecording } = useSessionReplay()
    const privacy = usePrivacyProps()
    return (): VNode =>
      h('section', privacy.value, [
        `${status.value} ${isRecording.value}`,
        h(ReplayMask, () => 'masked'),
        h(ReplayBlock, () => 'blocked'),
        h(ReplayPrivacyBoundary, () => h('p', 'bounded')),
        h(PauseReplay, () => h('input', { value: 'paused' })),
      ])
  },
})

const directive = (name: string): Directive => resolveDirective(name) as Directive

const Marked = (): VNode =>
  withDirectives(h('p', 'marked'), [
    [directive('amp-mask'), true],
    [directive('amp-pause'), true],
  ])

// Records all the time, so that what is left behind by the recorder counts, too.
window.replay = createSessionReplay(options)
window.replay.start()
const root = document.querySelector('#root') as Element
const isOwner = new URLSearchParams(window.location.search).has('owner')

const drawn = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))

window.remount = async (times) => {
  for (let round = 0; round < times; round++) {
    const app = createApp(() => [h(Consumers), h(Marked)])
    app.use(createSessionReplayPlugin(isOwner ? options : window.replay))
    app.mount(root)
    await drawn()
    app.unmount()
  }
}
