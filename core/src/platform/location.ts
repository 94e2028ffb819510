import { guard, type Report } from '../errors.ts'
import { watchUrl } from './navigation.ts'
import type { Readable } from './readable.ts'

/**
 * The address of the page as a value to follow. Watching begins with a subscriber and ends with it.
 * @param pollMs looks at the address this often too; undefined relies on the browser's events
 */
export function createLocation(report: Report, pollMs?: number): Readable<string> {
  const get = (): string => globalThis.location?.href ?? ''
  return {
    get,
    subscribe(run) {
      const tell = guard('following the address', report, run)
      tell(get())
      return watchUrl({ onChange: tell, pollMs }, report)
    },
  }
}
