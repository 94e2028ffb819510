import type { Scope } from './decide.ts'
import { firstElementChildOf, nextElementSiblingOf, shadowOf, tagOf, textOf } from './dom.ts'
import { type FieldFacts, fieldChannel, fieldFacts, isField } from './fields.ts'
import { type Channel, isHidden } from './levels.ts'
import type { FieldsWithin } from './typing.ts'
import { decode } from './url.ts'

/*
 * Widgets copy what is typed into attributes: of the field itself, of the element around it (a textarea that grows with
 * its text has a parent with `data-replicated-value`), of one further out, or of an editable element. Such a copy is as
 * private as what it repeats.
 */

/** Shorter texts are found in any word. */
const LEAST_LENGTH = 3
/** So many keys may have been pressed since a copy was made. */
const LATE_KEYS = 8

interface Seen {
  readonly channel: Channel
  /** Only this value is a copy; by default whatever the attribute says. */
  readonly value?: string
}

/** Attributes that have repeated something, by element: they may still do so when it is changed or gone. */
const seen = new WeakMap<Element, Map<string, Seen>>()

export interface Typed {
  readonly text: string
  readonly channel: Channel
  /** The field is further down, so the attribute may be the page's own and alike by chance. */
  readonly isFar?: boolean
}

/** Whether the attribute says what was typed or chosen there and is hidden. */
export function repeatsTyped(
  name: string,
  value: string,
  facts: FieldFacts,
  scope: Scope,
  fieldsWithin: FieldsWithin,
): boolean {
  const { live } = facts
  if (!live) return false
  const known = seen.get(live)?.get(name)
  if (known && (known.value ?? value) === value && isHidden(known.channel, scope.regime)) return true
  if (value.length < LEAST_LENGTH) return false
  const said = value.toLowerCase()
  for (const { text, channel, isFar } of typedAround(live, facts, scope, fieldsWithin)) {
    const typed = text.toLowerCase()
    if (typed.length < LEAST_LENGTH) continue
    if (said.includes(typed)) {
      remember(live, name, isFar ? { channel, value } : { channel })
      return true
    }
    if (!isFar && typed.startsWith(said) && typed.length - said.length <= LATE_KEYS) return true
  }
  return false
}

/** Whether an address says so, coded or not. Pictures in themselves can be large, and are no copies. */
export function isTypedAddress(
  name: string,
  address: string,
  facts: FieldFacts,
  scope: Scope,
  fieldsWithin: FieldsWithin,
): boolean {
  if (/^\s*data:/i.test(address)) return false
  return repeatsTyped(name, [...readings(address)].join(' '), facts, scope, fieldsWithin)
}

/** Decoded up to two times. Before an `@` a plus may be one, or a blank. */
function readings(address: string): Set<string> {
  const found = new Set([address])
  for (let coats = 0; coats < 2; coats++) {
    for (const text of [...found]) found.add(decode(text)).add(decode(text.replace(/\+/g, ' ')))
  }
  return found
}

function remember(element: Element, name: string, copy: Seen): void {
  const names = seen.get(element) ?? new Map<string, Seen>()
  seen.set(element, names.set(name, copy))
}

function* typedAround(
  live: Element,
  facts: FieldFacts,
  scope: Scope,
  fieldsWithin: FieldsWithin,
): Generator<Typed> {
  yield* typedNear(live, facts, scope)
  for (const field of fieldsWithin(live)) {
    for (const typed of typedIn(fieldFacts(field), scope)) yield { ...typed, isFar: true }
  }
}

/** What is hidden in the element itself and in fields directly below it, in its shadow tree too. */
export function* typedNear(live: Element, facts: FieldFacts, scope: Scope): Generator<Typed> {
  if (isField(facts.tag)) yield* typedIn(facts, scope)
  else {
    yield* typedInChildren(firstElementChildOf(live), scope)
    const root = shadowOf(live)
    if (root) yield* typedInChildren(root.firstElementChild, scope)
  }
  if (scope.content === 'editable' && isHidden('editableText', scope.regime))
    yield { text: textOf(live) ?? '', channel: 'editableText' }
}

function* typedInChildren(first: Element | null, scope: Scope): Generator<Typed> {
  for (let child = first; child; child = nextElementSiblingOf(child)) {
    if (isField(tagOf(child))) yield* typedIn(fieldFacts(child), scope)
  }
}

function* typedIn(field: FieldFacts, scope: Scope): Generator<Typed> {
  const channel = fieldChannel(field)
  if (channel === 'choiceValue' || channel === 'buttonLabel' || !isHidden(channel, scope.regime)) return
  const { value, selectedOptions } = field.live as HTMLSelectElement
  if (typeof value === 'string') yield { text: value, channel }
  if (field.tag !== 'select') return
  for (const option of selectedOptions) yield { text: option.text, channel }
}
