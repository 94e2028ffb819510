import { isMaskLevel } from '../mask-levels.ts'
import type { CheckedPrivacyConfig, PrivacyConfig, UgcFilterRule, UrlMaskLevel } from '../types.ts'
import { type Field, isRecord, type Rule } from './rules.ts'

const LEVEL_NEEDED = 'one of "light", "medium", "conservative"'

const AND_STRICT = ', and the mask level is conservative'

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/**
 * `privacyConfig`, checked. Whether selectors are valid CSS is for `privacy/` to find out; here a value of the wrong
 * shape is not allowed to hide less than was meant: whatever should have masked something makes the level
 * conservative, and a broken block list lets nothing be recorded, since no level hides a picture.
 */
export const privacyOptions: Rule<CheckedPrivacyConfig> = (field) => {
  if (field.value === undefined) return {}
  if (!isRecord(field.value)) return field.refuse('an object', {})

  const config: CheckedPrivacyConfig = {}
  let strict = field.unknownNames(FIELDS, AND_STRICT).length > 0

  const list = (name: (typeof LISTS)[number], bad: 'reject' | 'refuse'): string[] | undefined => {
    const at = field.at(name)
    if (at.value === undefined) return undefined
    const given = typeof at.value === 'string' ? [at.value] : Array.isArray(at.value) ? at.value : [undefined]
    const used = given.filter(isText)
    if (used.length === given.length) return used
    // Without an unmask selector more is hidden, not less.
    if (name === 'unmaskSelector') return at.reject('a list of strings', used)
    strict = true
    return at[bad]('a list of strings', used, AND_STRICT)
  }

  const blockSelector = list('blockSelector', 'refuse')
  if (blockSelector) config.blockSelector = blockSelector
  for (const name of ['maskSelector', 'unmaskSelector', 'maskAttributes', 'secretParameters'] as const) {
    const used = list(name, 'reject')
    if (used) config[name] = used
  }
  const urlMaskLevels = readUrlMaskLevels(field.at('urlMaskLevels'), () => {
    strict = true
  })
  if (urlMaskLevels) config.urlMaskLevels = urlMaskLevels

  const level = field.at('defaultMaskLevel')
  if (isMaskLevel(level.value)) config.defaultMaskLevel = level.value
  else if (level.value !== undefined) {
    level.reject(LEVEL_NEEDED, 'conservative')
    strict = true
  }
  if (strict) {
    config.failedClosed = true
    config.defaultMaskLevel = 'conservative'
    // A lighter level for some pages was given with the rest in mind: it goes as well.
    config.urlMaskLevels = undefined
  }
  return config
}

const LISTS = [
  'blockSelector',
  'maskSelector',
  'unmaskSelector',
  'maskAttributes',
  'secretParameters',
] as const
const FIELDS: readonly (keyof PrivacyConfig)[] = [...LISTS, 'defaultMaskLevel', 'urlMaskLevels']

function readUrlMaskLevels(field: Field, onBad: () => void): UrlMaskLevel[] | undefined {
  if (field.value === undefined) return undefined
  const isRule = (rule: unknown) => isRecord(rule) && isText(rule.match) && isMaskLevel(rule.maskLevel)
  if (Array.isArray(field.value) && field.value.every(isRule)) return field.value
  onBad()
  return field.reject('a list of { match, maskLevel }', undefined, AND_STRICT)
}

/** URL rules: patterns that begin with `/` or `http(s)://`. A broken one hides nothing, so recording is refused. */
export const ugcRules: Rule<UgcFilterRule[]> = (field) => {
  if (field.value === undefined) return []
  const isRule = (rule: unknown) =>
    isRecord(rule) &&
    typeof rule.selector === 'string' &&
    /^(\/|https?:\/\/)\S*$/.test(rule.selector) &&
    typeof rule.replacement === 'string'
  return Array.isArray(field.value) && field.value.every(isRule)
    ? field.value
    : field.refuse('a list of { selector, replacement } whose selectors begin with "/" or "https://"', [])
}
