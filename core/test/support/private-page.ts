import { ATTRIBUTES } from './channels/attributes.ts'
import { MORE_ATTRIBUTES } from './channels/attributes-more.ts'
import type { Channel } from './channels/channel.ts'
import { FIELDS } from './channels/fields.ts'
import { MORE_FIELDS } from './channels/fields-more.ts'
import { STYLES } from './channels/style.ts'
import { MORE_STYLES } from './channels/style-more.ts'
import { TEXTS } from './channels/text.ts'
import { MORE_TEXTS } from './channels/text-more.ts'
import { TREES } from './channels/trees.ts'
import { MORE_TREES } from './channels/trees-more.ts'

export { type Channel, COLUMNS, type Column, framesLoadedSince, PLAIN_WORD } from './channels/channel.ts'

const USUAL: readonly Channel[] = [...TEXTS, ...FIELDS, ...ATTRIBUTES, ...STYLES, ...TREES]
const UNUSUAL: readonly Channel[] = [
  ...MORE_TEXTS,
  ...MORE_FIELDS,
  ...MORE_ATTRIBUTES,
  ...MORE_STYLES,
  ...MORE_TREES,
]

export const CHANNELS: readonly Channel[] = [...USUAL, ...UNUSUAL]

/** The others take turns where there is no room for all of them. */
export const isUsual = (channel: number): boolean => channel < USUAL.length
