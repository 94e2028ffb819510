import { type FrameChild, startFrameChild } from '../capture/iframes.ts'
import type { MaskLevel, Stop } from '../types.ts'
import { type PrivateCapture, type PrivateCaptureDeps, startPrivateCapture } from './private-capture.ts'

export interface FrameRecording {
  setMaskLevel(level: MaskLevel | null): void
  stop: Stop
}

/**
 * Records a frame whose parent page is of another origin: begins and ends when the parent says so, hands each event,
 * already made private by the frame's own settings, to the parent, and uploads nothing itself.
 */
export function startFrameRecording(deps: PrivateCaptureDeps): FrameRecording {
  const { coordinateChildren, allowedOrigins } = deps.options.crossOriginIframes
  let recording: PrivateCapture | undefined
  let { maskLevel } = deps
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
        recording = startPrivateCapture({ ...deps, maskLevel }, (event) => child.post(event))
      })
    },
    onStop: end,
    onSnapshot: () => recording?.capture.takeFullSnapshot(),
    report: deps.report,
  })
  return {
    setMaskLevel(level) {
      maskLevel = level
      recording?.privacy.setLevel(level)
    },
    stop() {
      child.stop()
      end()
    },
  }
}
