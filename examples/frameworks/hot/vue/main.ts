import * as replayModule from './replay.ts'
import { start } from './start.ts'

start(replayModule)
