import { startCapture } from '../../../src/capture/record.ts'

/** A page of its own for tests that would destroy the one they run in. */
Object.assign(window, { startCapture })
parent.postMessage('page ready', '*')
