import { attributeOf, tagOf } from './dom.ts'
import { type Channel, isHidden, type Regime } from './levels.ts'
import { maskSecret, maskText } from './mask.ts'

/** Fields that were passwords once. Kept for their whole life, across recordings: a revealed password is one. */
const seenPasswords = new WeakSet<Element>()

const SECRET_TOKEN = /(?:^|\s)(?:cc-\S+|one-time-code|current-password|new-password)(?=\s|$)/i
/** What pages call such fields, where they do not say it by type or `autocomplete`. */
const SECRET_NAME = /passw|passcode|pwd|\bcv[vc]2?\b|card[\s_-]?num|cc[\s_-]?num|\bssn\b/i
const NAMING_ATTRIBUTES = ['name', 'id', 'placeholder', 'aria-label'] as const

/** An element as recorded, for the moment when the live one is gone. */
export interface FieldFacts {
  readonly tag: string
  attribute(name: string): string | null
  readonly live: Element | null
}

export function fieldFacts(live: Element): FieldFacts {
  return { tag: tagOf(live), attribute: (name) => attributeOf(live, name), live }
}

export function isField(tag: string): boolean {
  return tag === 'input' || tag === 'textarea' || tag === 'select'
}

/** Which rule the value of a field follows. Remembers password fields. */
export function fieldChannel({ tag, attribute, live }: FieldFacts): Channel {
  const type = (attribute('type') ?? 'text').trim().toLowerCase()
  if (live && tag === 'input' && (type === 'password' || attribute('data-rr-is-password') !== null)) {
    seenPasswords.add(live)
  }
  if (live && seenPasswords.has(live)) return 'secretField'
  if (SECRET_TOKEN.test(attribute('autocomplete') ?? '')) return 'secretField'
  // Custom elements that wrap a field carry its value and type.
  if (tag !== 'input' && !tag.includes('-')) return 'field'
  switch (type) {
    case 'password':
    case 'hidden':
    case 'file':
      return 'secretField'
    case 'email':
    case 'tel':
      return 'contactField'
    case 'checkbox':
    case 'radio':
      return 'choiceValue'
    case 'submit':
    case 'button':
    case 'reset':
    case 'image':
      return 'buttonLabel'
  }
  // A page that shows the password from the start, or again after a re-mount, still names the field so.
  const isNamedSecret = NAMING_ATTRIBUTES.some((name) => SECRET_NAME.test(attribute(name) ?? ''))
  return isNamedSecret ? 'secretField' : 'field'
}

/** Fields that the page draws as dots without being of type password. Remembered as those are. */
function isDotted({ live, tag }: FieldFacts): boolean {
  if (!live || (tag !== 'input' && tag !== 'textarea')) return false
  const style = live.ownerDocument.defaultView?.getComputedStyle(live)
  const dots = style?.getPropertyValue('-webkit-text-security') ?? ''
  if (dots === '' || dots === 'none') return false
  seenPasswords.add(live)
  return true
}

export function isSecretField(facts: FieldFacts): boolean {
  return fieldChannel(facts) === 'secretField'
}

/** The value of a field in whatever event it turns up: attribute, mutation, input, text of a textarea. */
export function fieldValue(
  facts: FieldFacts,
  value: string,
  regime: Regime,
  channel: Channel = fieldChannel(facts),
): string {
  if (!isHidden(channel, regime)) return channel === 'field' && isDotted(facts) ? maskSecret(value) : value
  // A player cannot set the value of a file field.
  if (facts.attribute('type')?.toLowerCase() === 'file') return ''
  return channel === 'secretField' ? maskSecret(value) : maskText(value)
}
