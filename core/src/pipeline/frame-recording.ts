import { type FrameChild, startFrameChild } from '../capture/iframes.ts'
import type { Stop } from '../types.ts'
import { type PrivateCapture, type PrivateCaptureDeps, startPrivateCapture } from './private-capture.ts'

/**
 * Records a frame whose parent page is of another origin: begins and ends when the parent says so, hands each event,
 * already made private by the frame's own settings, to the parent, and uploads nothing itself.
 */
export function startFrameRecording(deps: PrivateCaptureDeps): Stop {
  const { coordinateChildren, allowedOrigins } = deps.options.crossOriginIframes
  let recording: PrivateCapture | undefined
  const end = (): void => {
    recording?.capture.tellLastChanges()
    recording?.stop()
    recording = undefined
  }
  const child: FrameChild = startFrameChild({
    coordinateChildren,
    allowedOrigins,
    onStart() {
      end()
      // The parent may answer while `child` is still being made: its events start a task later.
      queueMicrotask(() => {
        end()
        recording = startPrivateCapture(deps, (event) => child.post(event))
      })
    },
    onStop: end,
    onSnapshot: () => recording?.capture.takeFullSnapshot(),
    report: deps.report,
  })
  return () => {
    child.stop()
    end()
  }
}
