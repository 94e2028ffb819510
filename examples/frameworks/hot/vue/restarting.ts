import * as replayModule from './replay.ts'
import { start } from './start.ts'

const app = start(replayModule)

// The app ends before its new code is fetched.
import.meta.hot?.dispose(() => app.unmount())
import.meta.hot?.accept()
