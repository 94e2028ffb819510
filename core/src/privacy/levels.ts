import type { MaskLevel } from '../types.ts'

/**
 * How strictly a node is treated, from open to closed: revealed by an unmask marker, one of the three
 * levels, or covered by a mask marker. (A blocked node is not in this list: nothing of it is recorded.)
 */
export type Regime = 'unmasked' | MaskLevel | 'masked'

export const REGIMES: readonly Regime[] = ['unmasked', 'light', 'medium', 'conservative', 'masked']

/** The strictest of some regimes or levels. */
export function strictest<R extends Regime>(first: R, ...others: R[]): R {
  return others.reduce((a, b) => (REGIMES.indexOf(b) > REGIMES.indexOf(a) ? b : a), first)
}

/**
 * From which regime on each channel is hidden. `unmasked` means always: no option and no marker reveals it.
 * The only place that says what a level covers; the table in the docs is made from it.
 */
export const HIDDEN_FROM = {
  /** Text of the page, titles, dialogs, svg text, labels. */
  text: 'conservative',
  /** What people type into `contenteditable` and `role=textbox`. */
  editableText: 'medium',
  /** Text, value and label of options, and which one is chosen. */
  options: 'medium',
  /** Value of text-like and date-like fields, textarea, select. */
  field: 'medium',
  /** Value of `email` and `tel` fields. */
  contactField: 'light',
  /** Passwords (also former ones), hidden and file fields, card data, one-time codes. */
  secretField: 'unmasked',
  /** The `value` of checkboxes and radio buttons. */
  choiceValue: 'medium',
  /** Whether they are checked. */
  choiceState: 'conservative',
  /** The label of submit, button, reset and image fields. */
  buttonLabel: 'conservative',
  /** Attributes made for people: `title`, `alt`, `aria-label`, `placeholder` and the like. */
  readableAttribute: 'conservative',
  /** `data-*`, attributes of custom elements and whatever layout does not need. */
  otherAttribute: 'conservative',
  /** Query and fragment of addresses. Known secrets in them are hidden in every regime. */
  addressQuery: 'conservative',
  /** Addresses of links and forms as a whole. */
  linkAddress: 'masked',
  /** Strings, data addresses and free words in style sheets. */
  cssString: 'conservative',
  /** Pixels: inlined pictures, `data:` pictures, canvas content. */
  pixels: 'conservative',
  /** Where exactly the pointer was and what had the focus. */
  pointer: 'masked',
  /** Console messages and network bodies, where they are captured at all. */
  record: 'conservative',
} as const satisfies Record<string, Regime>

export type Channel = keyof typeof HIDDEN_FROM

export function isHidden(channel: Channel, regime: Regime): boolean {
  return REGIMES.indexOf(regime) >= REGIMES.indexOf(HIDDEN_FROM[channel])
}
