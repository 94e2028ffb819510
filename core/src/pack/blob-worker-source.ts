/**
 * The worker's bundle as text, for pages that cannot load its file. A chunk of its own, fetched only then. The
 * build puts the text here; running from source there is none.
 */
export const blobWorkerSource: string | null = null
