// IndexedDB in promises, no more of it than is used here.

/** The stores of a database: what their keys and rows are. */
export type Schema = Record<string, { key: IDBValidKey; value: unknown }>
export type StoreName<Stores extends Schema> = keyof Stores & string

interface Reading<Key, Row> {
  get(key: Key): Promise<Row | undefined>
  /** By key. */
  getAll(range?: IDBKeyRange): Promise<Row[]>
}

interface Writing<Key, Row> extends Reading<Key, Row> {
  put(row: Row): Promise<unknown>
  delete(keys: Key | IDBKeyRange): Promise<void>
}

/** One transaction. Its calls throw at once where the browser's do. */
export interface Transaction<Stores extends Schema, Mode extends IDBTransactionMode> {
  objectStore<Name extends StoreName<Stores>>(
    name: Name,
  ): Mode extends 'readonly'
    ? Reading<Stores[Name]['key'], Stores[Name]['value']>
    : Writing<Stores[Name]['key'], Stores[Name]['value']>
  /** Where the browser can: else it commits by itself. */
  commit(): void
  abort(): void
  /** Rejects with what the transaction itself knows: why the browser aborted it, say. */
  readonly done: Promise<void>
}

export function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

export function beginTransaction<Stores extends Schema, Mode extends IDBTransactionMode>(
  db: IDBDatabase,
  stores: StoreName<Stores>[],
  mode: Mode,
): Transaction<Stores, Mode> {
  // Relaxed: written to the system, not flushed to the medium. A browser crash loses nothing by it.
  const transaction = db.transaction(stores, mode, { durability: 'relaxed' })
  const done = new Promise<void>((resolve, reject) => {
    const fail = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'))
    transaction.oncomplete = () => resolve()
    transaction.onerror = fail
    transaction.onabort = fail
  })
  const objectStore = (name: string): Writing<IDBValidKey, unknown> => {
    const store = transaction.objectStore(name)
    return {
      get: (key) => settled(store.get(key)),
      getAll: (range) => settled(store.getAll(range)),
      put: (row) => settled(store.put(row)),
      delete: (keys) => settled(store.delete(keys)),
    }
  }
  return {
    // The schema knows what the browser gives; modes are the browser's to keep.
    objectStore: objectStore as Transaction<Stores, Mode>['objectStore'],
    commit: () => transaction.commit?.(),
    abort: () => transaction.abort(),
    done,
  }
}
