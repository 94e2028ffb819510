/** Bytes of what this module source costs a page before anything is loaded lazily. Needs a build of the kit. */
export function entrySizes(source: string): Promise<{ min: number; gzip: number; brotli: number }>

/** Bytes of all that a page loads which is recorded with a worker, and has no settings that need more. */
export function recordedSizes(source: string): Promise<{ min: number; gzip: number; brotli: number }>
