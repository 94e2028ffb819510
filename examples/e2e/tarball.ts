import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

/** As much of a `package.json` as is looked at. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly keywords: string[]
  readonly sideEffects: boolean | string[]
  readonly exports: Record<string, string | Record<string, string>>
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
  readonly scripts?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

export interface Tarball {
  readonly manifest: Manifest
  /** Paths inside of the package. */
  readonly files: readonly string[]
  read(file: string): Promise<string>
}

/** Opens a tarball in memory. */
export async function openTarball(path: string): Promise<Tarball> {
  const entries = readEntries(gunzipSync(await readFile(path)))
  const read = async (file: string): Promise<string> => {
    const content = entries.get(`package/${file}`)
    if (!content) throw new Error(`${path} holds no ${file}`)
    return content.toString('utf8')
  }
  return {
    manifest: JSON.parse(await read('package.json')),
    files: [...entries.keys()].map((file) => file.slice('package/'.length)),
    read,
  }
}

/** Files of a tar archive by name. Source of the offsets: POSIX.1-1988, "ustar interchange format". */
function readEntries(archive: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>()
  const text = (from: number, length: number): string =>
    archive
      .subarray(from, from + length)
      .toString('utf8')
      .replace(/\0.*$/s, '')
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    const prefix = text(at + 345, 155)
    const isFile = ['0', ''].includes(text(at + 156, 1))
    const name = prefix ? `${prefix}/${text(at, 100)}` : text(at, 100)
    if (isFile) entries.set(name, archive.subarray(at + BLOCK, at + BLOCK + size))
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return entries
}

const BLOCK = 512
