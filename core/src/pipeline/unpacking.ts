/** Reads packed bodies. The code for it is a chunk of its own: most pages never need it. */
export interface Unpacking {
  /** The body without gzip. Throws where it cannot be read, or not yet. */
  gunzip(body: Uint8Array): Uint8Array
  /** Its two halves, or null if that is not possible at the moment. */
  split(body: Uint8Array): Promise<readonly Uint8Array[] | null>
  /** Resolves when `gunzip` can be called, or the chunk cannot be had at the moment. */
  readonly ready: Promise<unknown>
}

const importPackedBody = () => import('../pack/packed-body.ts')

/** @param atExit bodies will have to be read at once, while the page is left: the chunk is fetched now */
export function createUnpacking(atExit: boolean, importReader = importPackedBody): Unpacking {
  let loaded: Awaited<ReturnType<typeof importPackedBody>> | undefined

  async function load() {
    try {
      loaded ??= await importReader()
    } catch {
      // Perhaps the network: whoever needs it asks again.
    }
    return loaded
  }

  if (atExit) void load()
  return {
    gunzip(body) {
      if (!loaded) throw new Error('packed bodies cannot be read yet')
      return loaded.unpackBody(body)
    },
    split: async (body) => (await load())?.splitBody(body) ?? null,
    get ready() {
      return atExit ? load() : Promise.resolve()
    },
  }
}
