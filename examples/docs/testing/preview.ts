import { createFakeAmplitude, createTestCollector } from '@session-replay-kit/core/testing'
import { Replayer } from 'rrweb'
import 'rrweb/dist/style.css'

export const collector = createTestCollector()

/** Options in place of `apiKey`. Nothing leaves the page. */
export const preview = {
  amplitude: createFakeAmplitude({ initialised: true }),
  sampleRate: 1,
  ...collector.transport,
}

type Events = ConstructorParameters<typeof Replayer>[0]

/** Plays, below the page, what would have been sent. `play()` in the console. */
export function play(): void {
  const root = document.createElement('div')
  root.dataset.ampBlock = ''
  document.body.append(root)
  new Replayer(collector.events() as Events, { root }).play()
}
if (typeof window !== 'undefined') Object.assign(window, { play })
