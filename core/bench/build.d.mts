/** Bytes of what this module source costs a page before anything is loaded lazily. Needs a build of the kit. */
export function entrySizes(source: string): Promise<{ min: number; gzip: number; brotli: number }>
