import type { NextConfig } from 'next'

/** Pages that were left stay in the document, hidden. The kit works with and without. */
const cacheComponents = process.env.CACHE_COMPONENTS === '1'

const config: NextConfig = { cacheComponents, partialPrefetching: cacheComponents }

export default config
