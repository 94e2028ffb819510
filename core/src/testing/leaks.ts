import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'
import { textsIn } from './byte-texts.ts'
import { contentsOf, nameOf } from './contents.ts'
import { isGzip } from './decode.ts'
import { addedSiblings, textBelow } from './neighbours.ts'
import { createSearch, type SecretForm } from './secret-forms.ts'

/** What kind of thing gave the secret away. */
export type LeakPlace =
  | 'text'
  | 'attribute'
  | 'input'
  | 'url'
  | 'css'
  | 'selector'
  | 'console'
  | 'network'
  | 'custom'
  | 'other'
  | 'raw'

/** One secret found where it must not be. */
export interface Leak {
  secret: string
  place: LeakPlace
  form: SecretForm
  /** Where in the evidence, such as `[3].data.adds[0].node.attributes.title`. */
  path: string
  /** The text around it, cut to about 80 characters. */
  excerpt: string
}

/** What can be searched: events, rows of a database, headers, maps, sets, addresses, errors, text, unpacked bytes. */
export type Evidence = object | string

const URL_NAMES =
  /^(href|src|srcset|action|formaction|poster|data|cite|ping|url|x-client-url|pageurl|referrer|rr_src|xlink:href)$/i

/** Characters that one of a secret can become: percent-encoded UTF-8 of three bytes. */
const LONGEST_CODED_CHAR = 9

/**
 * Finds every place in `evidence` that gives one of `secrets` away: text, attributes, fields, addresses,
 * CSS, console, network, keys and numbers, plain or encoded, also text spread over neighbouring nodes.
 * What cannot be seen into throws, because a search in it proves nothing: an empty list, functions, gzipped bytes
 * (`await unpackBody(bytes)` first), blobs, responses and promises (await what they hold), instances of classes
 * (`{ ...instance }`, or its text). Text that one event begins and a later one completes is not put together.
 *
 * @example
 * expect(findLeaks(collector.events(), ['jane@example.com', '4111 1111 1111 1111'])).toEqual([])
 */
export function findLeaks(evidence: Evidence, secrets: readonly string[]): Leak[] {
  mustHold(evidence)
  const search = createSearch(secrets)
  const edgesOf = createEdges(secrets)
  const leaks: Leak[] = []
  const open = new Set<object>()

  const look = (text: string, place: LeakPlace, path: string): void => {
    for (const { secret, form } of search(text)) {
      leaks.push({ secret, place, form, path, excerpt: excerptOf(text, secret) })
    }
  }

  const lookInBytes = (bytes: Uint8Array, path: string): void => {
    if (isGzip(bytes)) {
      throw new Error(`findLeaks: the bytes${at(path)} are gzipped, search \`await unpackBody(bytes)\``)
    }
    const known = new Set<string>()
    for (const { encoding, text } of textsIn(bytes)) {
      const where = encoding === 'UTF-8' ? path : `${path} (as ${encoding})`.trim()
      for (const { secret, form } of search(text)) {
        if (known.has(secret)) continue
        known.add(secret)
        leaks.push({ secret, place: 'raw', form, path: where, excerpt: excerptOf(text, secret) })
      }
    }
  }

  /** `<b>sec</b>ret` is readable too: the texts of one parent's children, put together. */
  const lookAcross = (nodes: unknown[], place: LeakPlace, path: string): void => {
    const texts = nodes.map(textBelow).filter(Boolean).map(edgesOf)
    if (texts.length < 2) return
    const whole = texts.join('')
    const found = search(whole)
    if (found.length === 0) return
    const alone = new Set(texts.flatMap(search).map((find) => find.secret))
    for (const { secret } of found) {
      if (alone.has(secret)) continue
      const readable = place === 'other' ? 'text' : place
      leaks.push({ secret, place: readable, form: 'split', path, excerpt: excerptOf(whole, secret) })
    }
  }

  const visit = (value: unknown, outer: LeakPlace, path: string): void => {
    if (typeof value === 'string') look(value, outer, path)
    else if (typeof value === 'number' || typeof value === 'bigint') look(String(value), outer, path)
    else if (typeof value === 'function') {
      throw new Error(`findLeaks: there is a function${at(path)}, search what it returns`)
    } else if (typeof value === 'object' && value !== null && !open.has(value)) {
      open.add(value)
      visitObject(value, outer, path)
      open.delete(value)
    }
  }

  const visitObject = (value: object, outer: LeakPlace, path: string): void => {
    const contents = contentsOf(value)
    if (!contents) throw new Error(refusal(nameOf(value), path))
    const place = placeOf(value, outer)
    if ('bytes' in contents) lookInBytes(contents.bytes, path)
    else if ('text' in contents) look(contents.text, place, path)
    else if ('list' in contents) {
      lookAcross(contents.list, place, path)
      contents.list.forEach((item, index) => {
        visit(item, place, `${path}[${index}]`)
      })
    } else {
      for (const nodes of addedSiblings(addsOf(value))) lookAcross(nodes, place, fieldPath(path, 'adds'))
      for (const [key, item] of contents.fields) {
        const name = String(key)
        const below = fieldPath(path, name)
        visit(key, place, `${below} (the name)`)
        visit(item, placeOfName(name, item, place), below)
      }
    }
  }

  visit(evidence, typeof evidence === 'string' ? 'raw' : 'other', '')
  return leaks
}

/** Where nothing is, nothing is found: a test that forgot to record would pass. */
function mustHold(evidence: Evidence): void {
  if (typeof evidence === 'function')
    throw new Error('findLeaks: there is nothing to search in a function, call it')
  if (evidence === null || evidence === undefined) {
    throw new Error(`findLeaks: there is nothing to search in ${evidence}`)
  }
  if (Array.isArray(evidence) && evidence.length === 0) {
    throw new Error(
      'findLeaks: there is nothing to search in an empty list. Was the page recorded? Wait for an upload first',
    )
  }
}

/** Text that is split lies at the edges of the pieces: a whole page between them need not be searched again. */
function createEdges(secrets: readonly string[]): (text: string) => string {
  const longest = secrets.reduce((most, { length }) => Math.max(most, length), 0) * LONGEST_CODED_CHAR
  return (text) => {
    if (text.length <= 2 * longest) return text
    const dense = text.replace(/\s+/g, ' ')
    // The zero between them keeps them apart.
    return dense.length <= 2 * longest ? dense : `${dense.slice(0, longest)}\0${dense.slice(-longest)}`
  }
}

function refusal(name: string, path: string): string {
  return (
    `findLeaks: nobody can see into ${name}${at(path)}, a search would prove nothing. ` +
    'Give in its place what it holds: `await promise`, `await blob.arrayBuffer()`, `{ ...instance }`, `[...iterator]`, ' +
    'or its text; in place of an error that holds one, `[error.message, error.stack]`'
  )
}

function at(path: string): string {
  return path && ` at ${path}`
}

function fieldPath(path: string, name: string): string {
  return path ? `${path}.${name}` : name
}

function addsOf(value: object): Parameters<typeof addedSiblings>[0] {
  const { source, adds } = value as { source?: unknown; adds?: unknown }
  return source === IncrementalSource.Mutation && Array.isArray(adds) ? adds.filter((add) => add?.node) : []
}

/** What an object says about everything inside it. */
function placeOf(value: object, outer: LeakPlace): LeakPlace {
  const event = value as Partial<ReplayEvent> & {
    source?: number
    tagName?: string
    plugin?: string
    tag?: string
  }
  if (event.type === EventType.Custom) return event.tag === 'fetch-request' ? 'network' : 'custom'
  if (typeof event.tag === 'string' && outer === 'custom')
    return /fetch|network/.test(event.tag) ? 'network' : outer
  if (typeof event.plugin === 'string') {
    if (event.plugin.includes('console')) return 'console'
    return event.plugin.includes('network') ? 'network' : 'other'
  }
  if (event.tagName === 'style') return 'css'
  switch (event.source) {
    case IncrementalSource.Input:
      return 'input'
    case IncrementalSource.StyleSheetRule:
    case IncrementalSource.StyleDeclaration:
    case IncrementalSource.AdoptedStyleSheet:
      return 'css'
    default:
      return outer
  }
}

/** What the name of a property says about its value. */
function placeOfName(name: string, value: unknown, outer: LeakPlace): LeakPlace {
  if (outer !== 'other' && outer !== 'attribute') return outer
  // In a mutation `attributes` is a list of changes, in a node the attributes themselves.
  if (name === 'attributes') return Array.isArray(value) ? outer : 'attribute'
  if (name === 'style' || name === '_cssText') return 'css'
  if (URL_NAMES.test(name) && typeof value === 'string') return 'url'
  if (outer === 'attribute') return name === 'value' ? 'input' : outer
  if (name === 'selector') return 'selector'
  return name === 'textContent' || name === 'texts' || name === 'title' ? 'text' : outer
}

function excerptOf(text: string, secret: string): string {
  const at = text.toLowerCase().indexOf(secret.toLowerCase())
  const from = Math.max(0, at - 25)
  const cut = text.slice(from, from + 80).replace(/\s+/g, ' ')
  return `${from > 0 ? '…' : ''}${cut}${from + 80 < text.length ? '…' : ''}`
}
