import type { MaskLevel } from '../types.ts'

/** What is hidden from recordings, beyond the markers in the page. */
export interface PrivacyConfig {
  /** Elements that are replaced by an empty box of the same size. */
  blockSelector?: string | string[]
  /** Elements whose text, fields and readable attributes are masked, with all they contain. */
  maskSelector?: string[]
  /** Elements that are shown whatever the level. A mask above or below wins; secrets stay hidden. */
  unmaskSelector?: string[]
  /** What is hidden where no marker says otherwise. An unknown word counts as `conservative`. @default 'medium' */
  defaultMaskLevel?: MaskLevel
  /** Attributes that are treated like the value (on fields) or the text (elsewhere) of their element. */
  maskAttributes?: string[]
  /** Levels for addresses, first match wins; see `compileGlob` for the grammar of `match`. */
  urlMaskLevels?: { match: string; maskLevel: MaskLevel }[]
  /** Names of query parameters whose values are hidden at every level, in addition to `SECRET_WORDS`. */
  secretParameters?: string[]
}

type MarkerKind = 'blockSelector' | 'maskSelector' | 'unmaskSelector'
const MARKER_KINDS: readonly MarkerKind[] = ['blockSelector', 'maskSelector', 'unmaskSelector']

/** Accepts one value where a list is expected; `undefined` and `null` are an empty list. */
export function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/**
 * Joins local and remote settings: for the same selector and for the level remote wins, all else is kept
 * from both, rules for addresses with the remote ones first. Values are not judged here; `createPrivacy` does.
 */
export function joinPrivacyConfig(
  local: PrivacyConfig | undefined,
  remote: PrivacyConfig | undefined,
): PrivacyConfig {
  if (!remote) return local ?? {}
  // Later entries overwrite earlier ones: unmask before mask before block, remote before local.
  const kinds = new Map<unknown, MarkerKind>()
  for (const config of [local, remote]) {
    for (const kind of MARKER_KINDS) for (const selector of asList(config?.[kind])) kinds.set(selector, kind)
  }
  const joined: PrivacyConfig = {}
  const level = remote.defaultMaskLevel ?? local?.defaultMaskLevel
  if (level !== undefined) joined.defaultMaskLevel = level
  for (const kind of MARKER_KINDS) {
    const selectors = [...kinds].filter(([, of]) => of === kind).map(([selector]) => selector as string)
    if (selectors.length > 0) joined[kind] = selectors
  }
  const both = <K extends 'maskAttributes' | 'urlMaskLevels' | 'secretParameters'>(
    name: K,
    ...sides: (PrivacyConfig | undefined)[]
  ): void => {
    const all = sides.flatMap((side) => asList(side?.[name]))
    if (all.length > 0) joined[name] = [...new Set(all)] as NonNullable<PrivacyConfig[K]>
  }
  both('maskAttributes', local, remote)
  both('secretParameters', local, remote)
  both('urlMaskLevels', remote, local)
  return joined
}
