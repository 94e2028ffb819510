import { constants, open, truncate } from 'node:fs/promises'

/** A file to which is only ever added. */
export interface GrowingFile {
  bytes(): number
  /** Resolves with where the piece begins. When it rejects, the file is as it was before. */
  append(piece: Uint8Array): Promise<number>
  /** Takes back what was added behind `bytes`. */
  cutTo(bytes: number): Promise<void>
}

/**
 * The first `bytes` of the file at `path` count, and it is made with the first piece. Each piece is written where they
 * end, not where the file does: a disk that was full for a while may have taken half of one.
 */
export function createGrowingFile(path: string, bytes: number): GrowingFile {
  const write = async (piece: Uint8Array): Promise<void> => {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT)
    try {
      for (let written = 0; written < piece.byteLength; ) {
        const left = piece.byteLength - written
        written += (await file.write(piece, written, left, bytes + written)).bytesWritten
      }
    } catch (error) {
      await file.truncate(bytes).catch(() => undefined)
      throw error
    } finally {
      await file.close()
    }
  }
  return {
    bytes: () => bytes,
    async append(piece) {
      await write(piece)
      bytes += piece.byteLength
      return bytes - piece.byteLength
    },
    async cutTo(size) {
      bytes = size
      await truncate(path, size)
    },
  }
}
