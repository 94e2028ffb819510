import * as replayModule from './replay.ts'
import { start } from './start.ts'

let app = start(replayModule)

// The new plugin is there when the app ends.
import.meta.hot?.accept('./replay.ts', (next) => {
  app.unmount()
  app = start(next as unknown as typeof replayModule)
})
