import type { Scenario } from '../../support/fault-stage.ts'
import type { Settings } from '../pages/fault-page.ts'

/** Apps that send by themselves, with `handleSendEvents`, and do it badly at first. */
export function transportFaults(scenario: Scenario): void {
  const faults: Record<NonNullable<Settings['transport']>, string> = {
    throws: 'throws',
    rejects: 'rejects with nothing',
    hangs: 'never answers',
    garbage: 'answers with garbage',
  }
  for (const [transport, what] of Object.entries(faults)) {
    scenario(
      `handleSendEvents ${what}`,
      { transport: transport as Settings['transport'], options: { sendTimeoutMs: 2_000 } },
      async (stage) => {
        const page = await stage.visit()
        await stage.write(page, 30, 100)
        await stage.rest(page)
        await stage.arrived(40_000)
        await stage.verdict({ said: 1 })
      },
    )
  }
}
