import type { Plugin } from 'vite'

/**
 * Gives the reader of gzip, a chunk that hardly any page loads, a copy of fflate for itself. A bundler puts a module
 * that two chunks share into one of them as a whole: every recorded page would load the reader with the compressor.
 */
export function ownReader(): Plugin {
  return {
    name: 'session-replay-kit:reader',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source !== 'fflate' || !importer || !/[\\/]pack[\\/]gunzip\.ts$/.test(importer)) return null
      const found = await this.resolve(source, importer, { skipSelf: true })
      return found && `${found.id}?reader`
    },
  }
}
