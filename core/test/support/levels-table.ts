import { type Channel, isHidden, REGIMES, type Regime } from '../../src/privacy/levels.ts'

/** What each channel is called in the docs; a channel without a name does not compile. */
const NAMES: Record<Channel, string> = {
  text: 'text of the page: paragraphs, buttons, links, dialogs, titles, svg',
  readableAttribute: 'attributes made for people: `title`, `alt`, `aria-label`, `placeholder`',
  buttonLabel: 'labels of submit, button and reset fields',
  field: 'values of text, number and date fields, `textarea`, `select`',
  options: 'options of a `select` or `datalist`, and which one is chosen',
  choiceValue: 'values of check boxes and radio buttons',
  choiceState: 'whether they are checked',
  editableText: 'what is typed into `contenteditable` and `role=textbox`',
  contactField: 'values of `email` and `tel` fields',
  secretField: 'passwords (also once revealed), hidden and file fields, card data, one-time codes',
  addressQuery: 'query and fragment of addresses',
  linkAddress: 'addresses of links and forms as a whole',
  otherAttribute: '`data-*`, attributes of custom elements and others that layout does not need',
  cssString: 'strings, `data:` addresses and custom properties in style sheets and `style`',
  pixels: 'inlined pictures and `data:` pictures',
  pointer: 'where exactly the pointer was and what had the focus',
  record: 'console messages and network bodies, where they are switched on',
}

/** What no level and no marker changes: not a matter of `HIDDEN_FROM`. */
const NEVER_SHOWN = [
  'tokens, codes, keys, passwords and e-mail addresses in addresses',
  'scripts, comments, `noscript`, templates, `srcdoc`, event handlers, `meta`',
]

const HEADS: Record<Regime, string> = {
  unmasked: 'unmasked',
  light: '`light`',
  medium: '`medium` (default)',
  conservative: '`conservative`',
  masked: 'masked',
}

/** Every channel in every regime. */
export function fullTable(): string {
  const rows = Object.entries(NAMES).map(([channel, name]) => [
    name,
    ...REGIMES.map((regime) => cell(isHidden(channel as Channel, regime))),
  ])
  const never = NEVER_SHOWN.map((name) => [name, ...REGIMES.map(() => cell(true))])
  return table(['', ...REGIMES.map((regime) => HEADS[regime])], [...rows, ...never])
}

const SHORT: Record<string, Channel[]> = {
  'text, titles, labels': ['text', 'readableAttribute', 'buttonLabel'],
  'values of fields, options, what is typed': ['field', 'options', 'editableText', 'choiceValue'],
  'e-mail and phone fields': ['contactField'],
  'passwords, hidden fields, cards, one-time codes': ['secretField'],
  'queries of addresses, `data-*`, strings in CSS': ['addressQuery', 'otherAttribute', 'cssString'],
}

/** The same for a glance: channels of one row have the same answer at each level. */
export function shortTable(): string {
  const levels = ['light', 'medium', 'conservative'] as const
  const rows = Object.entries(SHORT).map(([name, channels]) => [
    name,
    ...levels.map((level) => {
      const answers = new Set(channels.map((channel) => cell(isHidden(channel, level))))
      if (answers.size > 1) throw new Error(`"${name}" has two answers at ${level}: split the row`)
      return [...answers].join()
    }),
  ])
  const never = ['tokens, keys and passwords in addresses', ...levels.map(() => cell(true))]
  return table(['', ...levels.map((level) => HEADS[level])], [...rows, never])
}

const cell = (hidden: boolean): string => (hidden ? 'hidden' : 'shown')

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** What stands between `<!-- name:start -->` and `<!-- name:end -->`. */
export function readPart(document: string, name: string): string {
  const found = partPattern(name).exec(document)
  if (!found) throw new Error(`the document has no part "${name}"`)
  return (found[2] ?? '').trim()
}

export function replacePart(document: string, name: string, text: string): string {
  readPart(document, name)
  return document.replace(
    partPattern(name),
    (_, start: string, __, end: string) => `${start}\n${text}\n\n${end}`,
  )
}

const partPattern = (name: string): RegExp =>
  new RegExp(`(<!-- ${name}:start -->\\n)([\\s\\S]*?)(<!-- ${name}:end -->)`)
