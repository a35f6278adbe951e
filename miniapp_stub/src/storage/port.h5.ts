/** What stays on the phone, in a browser: IndexedDB, where a write that resolved survives the tab. */
const NAME = 'longtrace'
const VALUES = 'values'
const FILES = 'files'

let opened: Promise<IDBDatabase> | undefined

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(VALUES)
      asked.result.createObjectStore(FILES)
    }
    asked.onsuccess = () => {
      asked.result.onclose = () => { opened = undefined } // the browser dropped it
      resolve(asked.result)
    }
    asked.onerror = () => reject(asked.error)
  })
  opened.catch(() => { opened = undefined }) // asked again it is tried again
  return opened
}

async function within<T>(store: string, mode: IDBTransactionMode, act: (one: IDBObjectStore) => IDBRequest<T> | undefined): Promise<T | undefined> {
  const transaction = (await database()).transaction(store, mode, { durability: 'strict' })
  const asked = act(transaction.objectStore(store))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked?.result)
    transaction.onerror = transaction.onabort = () => reject(transaction.error)
  })
}

export function read(key: string): Promise<unknown> {
  return within(VALUES, 'readonly', (store) => store.get(key))
}

/** All or nothing. Rejects when the phone is full. */
export async function write(entries: readonly (readonly [string, unknown])[]): Promise<void> {
  await within(VALUES, 'readwrite', (store) => {
    for (const [key, value] of entries) store.put(value, key)
    return undefined
  })
}

export async function erase(keys: readonly string[]): Promise<void> {
  await within(VALUES, 'readwrite', (store) => {
    for (const key of keys) store.delete(key)
    return undefined
  })
}

/** Values whose key begins with this, by key. */
export async function readAll(prefix: string): Promise<unknown[]> {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
  return (await within(VALUES, 'readonly', (store) => store.getAll(range))) ?? []
}

/** The names of all values. */
export async function keys(): Promise<string[]> {
  return ((await within(VALUES, 'readonly', (store) => store.getAllKeys())) ?? []).map(String)
}

/** A photo the person chose, kept until it was sent. */
export async function keepFile(id: string, path: string): Promise<void> {
  const blob = await (await fetch(path)).blob()
  await within(FILES, 'readwrite', (store) => store.put(blob, id))
}

export async function readFile(id: string): Promise<Blob | undefined> {
  return (await within(FILES, 'readonly', (store) => store.get(id))) as Blob | undefined
}

export async function hasFile(id: string): Promise<boolean> {
  return (await within(FILES, 'readonly', (store) => store.getKey(id))) !== undefined
}

/** Where a page finds the kept file; undefined when it is not there. */
export async function fileUrl(id: string): Promise<string | undefined> {
  const blob = await readFile(id)
  return blob && URL.createObjectURL(blob)
}

export async function eraseFile(id: string): Promise<void> {
  await within(FILES, 'readwrite', (store) => store.delete(id))
}

/** All files: photos that wait, pictures of articles. */
export async function eraseFiles(): Promise<void> {
  await within(FILES, 'readwrite', (store) => store.clear())
}

/** The kept photo as text (a data URL), for the export; undefined when it is not there. */
export async function fileText(id: string): Promise<string | undefined> {
  const blob = await readFile(id)
  if (!blob) return undefined
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(blob)
  })
}
