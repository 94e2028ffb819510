import { sessionsOf } from './fault-score.ts'
import type { Stage } from './fault-stage.ts'

/** After a change to the session `next`: `first` was written before it, everything else after it. */
export function expectSessions(stage: Stage, first: readonly string[], next: number): void {
  const { uploads } = stage.collector
  // What is still on the page when the new session begins is part of its first snapshot.
  for (const name of first) stage.expect(sessionsOf(name, uploads)[0]).toBe(String(stage.sessionId))
  for (const name of stage.wrote.slice(first.length))
    stage.expect(sessionsOf(name, uploads)).toEqual([String(next)])
}
