import { ReplayError, type Report } from '../errors.ts'
import { isMaskLevel } from '../mask-levels.ts'
import type { MaskLevel, PrivacyConfig } from '../types.ts'
import { compileGlob } from './glob.ts'
import { strictest } from './levels.ts'
import { asList } from './policy.ts'

export interface PageLevel {
  /** The level of the address that the page has now, tightened by `set`. */
  get(): MaskLevel
  /** Which setting decided, for people. */
  why(): string
  /** A level from outside, which can only tighten; `null` withdraws it. */
  set(level: MaskLevel | null): void
}

/** Reads the levels out of the settings. What cannot be understood counts as `conservative`. */
export function createPageLevel(config: PrivacyConfig, href: () => string, report: Report): PageLevel {
  const read = (value: unknown, option: string): MaskLevel => {
    if (isMaskLevel(value)) return value
    const message = `privacyConfig.${option} is ${JSON.stringify(value)}, which is not a mask level. The strictest, "conservative", is used. Choose "light", "medium" or "conservative".`
    report(new ReplayError('BAD_OPTION', message))
    return 'conservative'
  }
  const fallback =
    config.defaultMaskLevel === undefined || config.defaultMaskLevel === null
      ? 'medium'
      : read(config.defaultMaskLevel, 'defaultMaskLevel')
  // A rule whose addresses are unknown could mean any page.
  let floor: MaskLevel = 'light'
  const rules = asList(config.urlMaskLevels).flatMap((entry, index) => {
    const { match, maskLevel } = (entry ?? {}) as { match?: unknown; maskLevel?: unknown }
    const level = read(maskLevel, `urlMaskLevels[${index}].maskLevel`)
    if (typeof match === 'string' && match !== '') return [{ match, level, test: compileGlob(match) }]
    floor = strictest(floor, level)
    const message = `privacyConfig.urlMaskLevels[${index}].match is not an address pattern. Its level "${level}" now is the least for every page. Give a pattern such as "https://example.com/account/**".`
    report(new ReplayError('BAD_OPTION', message))
    return []
  })

  let override: MaskLevel | null = null
  let known = { url: '', level: fallback, why: '' }
  const look = (): typeof known => {
    const url = href()
    if (url === known.url && known.why !== '') return known
    const rule = rules.find(({ test }) => test(url))
    const why = rule ? `urlMaskLevels "${rule.match}"` : 'defaultMaskLevel'
    known = { url, level: strictest<MaskLevel>(rule?.level ?? fallback, floor), why }
    return known
  }
  return {
    get: () => (override ? strictest<MaskLevel>(look().level, override) : look().level),
    why: () =>
      override && strictest<MaskLevel>(look().level, override) !== look().level ? 'setLevel' : look().why,
    set(level) {
      override = level === null ? null : read(level, 'setLevel')
    },
  }
}
