import { constants, gunzipSync } from 'node:zlib'
import type { Page } from 'playwright'

/** Everything in the page's IndexedDB as text, packed batches unpacked. */
export async function readDatabases(page: Page): Promise<string[]> {
  const found = await page.evaluate(async () => {
    const ask = <Result>(request: IDBRequest<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const binary: string[] = []
    const texts: string[] = []
    const keep = (bytes: Uint8Array): void => {
      binary.push(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    }
    const look = async (value: unknown): Promise<void> => {
      if (value instanceof Blob) keep(new Uint8Array(await value.arrayBuffer()))
      else if (value instanceof ArrayBuffer) keep(new Uint8Array(value))
      else if (ArrayBuffer.isView(value))
        keep(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
      else if (typeof value === 'object' && value !== null)
        for (const inner of Object.values(value)) await look(inner)
      else texts.push(String(value))
    }
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await ask(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        await look(await ask(database.transaction(store).objectStore(store).getAll()))
      }
      database.close()
    }
    return { binary, texts }
  })
  return [...found.texts, ...found.binary.map((bytes) => unpack(Buffer.from(bytes, 'latin1')))]
}

/** A batch that is still open ends in the middle of its gzip stream. */
function unpack(bytes: Buffer): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return (isGzip ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes).toString()
}
