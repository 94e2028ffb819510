import type { ResolvedOptions } from '../config/resolve-options.ts'
import type { Report } from '../errors.ts'
import { createLocation } from '../platform/location.ts'
import type { Readable } from '../platform/readable.ts'

/** The page's address, followed as the options say. */
export const followLocation = (options: ResolvedOptions, report: Report): Readable<string> =>
  createLocation(report, options.enableUrlChangePolling ? options.urlChangePollingInterval : undefined)
