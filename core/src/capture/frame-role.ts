/** Which part this window has. `covered`: the parent is of the same origin and records it along with itself. */
export type FrameRole = 'top' | 'covered' | 'child'

export function decideFrameRole(win: Window = window): FrameRole {
  if (win.parent === win) return 'top'
  try {
    return win.parent.document ? 'covered' : 'child'
  } catch {
    return 'child'
  }
}
