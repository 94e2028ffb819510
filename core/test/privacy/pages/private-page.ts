import { CHANNELS } from '../../support/private-page.ts'
import { MARKED, PLAIN_WORD, SELECTORS } from '../regions.ts'

// What the tests do inside the page: plant, change, press, and look at everything that is stored.

let boxes: HTMLElement[][] = []

/** One section for each marker, in it one empty box for each channel. */
export function build(): void {
  boxes = MARKED.map(({ attribute, value }) => {
    const around = document.createElement('section')
    // The marker is above: what is below must be found to be covered by it.
    if (attribute) around.setAttribute(attribute, value)
    const row = CHANNELS.map(() => document.createElement('div'))
    around.append(...row)
    document.body.append(around)
    return row
  })
}

/** Fills boxes; `words` by section and channel, empty where nothing is planted. */
export async function plant(words: string[][]): Promise<void> {
  await Promise.all(each((box, channel, word) => channel.plant(box, word), words))
}

/** Fills the same boxes with harmless words, which `alter` replaces by secrets in place. */
export const plantPlain = (words: string[][]): Promise<void> =>
  plant(words.map((row) => row.map((word) => word && PLAIN_WORD)))

export function alter(words: string[][]): void {
  for (const running of each((box, channel, word) => (channel.alter ?? channel.plant)(box, word), words))
    void running
}

function each<Result>(
  run: (box: HTMLElement, channel: (typeof CHANNELS)[number], word: string) => Result,
  words: string[][],
): Result[] {
  return boxes.flatMap((row, at) =>
    row.flatMap((box, i) => {
      const word = words[at]?.[i]
      return word ? [run(box, CHANNELS[i] as (typeof CHANNELS)[number], word)] : []
    }),
  )
}

/** A button in each section, whose id says which; clicked once. */
export function clickIn(ids: string[]): void {
  for (const [at, id] of ids.entries()) {
    const button = document.createElement('button')
    button.id = id
    boxes[at]?.[0]?.parentElement?.append(button)
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, clientX: 5, clientY: 5 }))
  }
}

/** Secrets that no part of the page shows; `names` in the order of `OFF_PAGE`. */
export function plantOffPage(words: Record<string, string>): void {
  const word = (name: string): string => words[name] ?? ''
  document.title = `Account of ${word('title')}`
  history.pushState(
    { note: word('history state') },
    '',
    `/account?ref=${word('query')}&access_token=${word('token')}&email=${word('email')}#id_token=${word('hash token')}`,
  )
  // biome-ignore lint/suspicious/noDocumentCookie: set as most pages do
  document.cookie = `host_session=${word('cookie')}`
  localStorage.setItem('host_entry', word('localStorage'))
  sessionStorage.setItem('host_entry', word('sessionStorage'))
  window.name = word('window name')
  console.info('signed in', { password: word('console password'), tokens: [word('console token')] })
  console.warn(`see https://api.test/?code=${word('console address')}`)
  console.error(word('console text'))
  console.log(new Error(word('console error')))
  const headers = {
    'X-Api-Key': word('request header'),
    Authorization: `Bearer ${word('bearer token')}`,
    'Content-Type': 'application/json',
  }
  const body = JSON.stringify({ user: { password: word('request body') }, note: word('request text') })
  void fetch(`/api?token=${word('request token')}&q=${word('request query')}`, {
    method: 'POST',
    headers,
    body,
  }).catch(() => {})
  const xhr = new XMLHttpRequest()
  xhr.open('POST', `/api?signature=${word('xhr token')}`)
  xhr.setRequestHeader('X-Auth-Token', word('xhr header'))
  xhr.send(`password=${word('xhr body')}`)
}

/** Something that every recording would tell: one word as text, input, title, address, in a click and in the console. */
export function spill(word: string): void {
  const box = document.createElement('div')
  box.className = 'spilled'
  box.innerHTML = `<p title="${word}">${word}</p><button id="${word}">press</button><textarea></textarea><iframe></iframe>`
  document.body.append(box)
  const [field] = box.getElementsByTagName('textarea')
  const [button] = box.getElementsByTagName('button')
  field?.focus()
  if (field) field.value = word
  field?.dispatchEvent(new Event('input', { bubbles: true }))
  button?.click()
  box.attachShadow({ mode: 'open' }).append(word)
  box.querySelector('iframe')?.contentDocument?.write(`<p>${word}</p>`)
  document.title = word
  history.pushState({ word }, '', `/account/${word}?q=${word}`)
  document.adoptedStyleSheets = [new CSSStyleSheet()]
  document.adoptedStyleSheets[0]?.insertRule(`.x::after { content: "${word}" }`)
  console.error(word)
  void fetch(`/api/${word}`).catch(() => {})
}

/** Takes back what `spill` has left in the page. */
export function mopUp(): void {
  for (const box of document.querySelectorAll('.spilled')) box.remove()
  document.title = 'shop'
  document.adoptedStyleSheets = []
  history.replaceState(null, '', '/account')
}

/** Everything that is stored for this origin but what the host page put there, as JSON with bytes in base64. */
export async function dumpStorage(): Promise<StorageDump> {
  const databases: StorageDump['databases'] = []
  for (const { name = '' } of await indexedDB.databases()) {
    const db = await once(indexedDB.open(name))
    for (const store of db.objectStoreNames) {
      const table = db.transaction(store).objectStore(store)
      const [keys, values] = await Promise.all([once(table.getAllKeys()), once(table.getAll())])
      databases.push({
        name,
        store,
        rows: keys.map((key, i) => ({ key: JSON.stringify(key), ...encode(values[i]) })),
      })
    }
    db.close()
  }
  const own = (storage: Storage): [string, string][] =>
    // `AMP_unsent`: analytics events, the app's own, on their way.
    Object.entries(storage).filter(([name]) => !/^host_|^AMP_unsent/.test(name))
  return {
    databases,
    web: [...own(localStorage), ...own(sessionStorage)],
    cookies: document.cookie.split('; ').filter((cookie) => !cookie.startsWith('host_')),
  }
}

export interface StorageDump {
  databases: { name: string; store: string; rows: { key: string; json: string; bytes: string[] }[] }[]
  web: [string, string][]
  cookies: string[]
}

function once<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function encode(value: unknown): { json: string; bytes: string[] } {
  const bytes: string[] = []
  const json = JSON.stringify(value, (_, inner: unknown) => {
    if (!ArrayBuffer.isView(inner) && !(inner instanceof ArrayBuffer)) return inner
    const view = inner instanceof ArrayBuffer ? new Uint8Array(inner) : new Uint8Array(inner.buffer)
    bytes.push(btoa(Array.from(view, (byte) => String.fromCharCode(byte)).join('')))
    return `${view.length} bytes`
  })
  return { json, bytes }
}

export { analytics, startKit, startOfficial, startRrweb } from './recorders.ts'
export { MARKED, SELECTORS }
