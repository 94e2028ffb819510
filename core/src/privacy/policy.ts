import type { CheckedPrivacyConfig, PrivacyConfig } from '../types.ts'

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
  local: CheckedPrivacyConfig | undefined,
  remote: CheckedPrivacyConfig | undefined,
): CheckedPrivacyConfig {
  if (!remote) return local ?? {}
  // Later entries overwrite earlier ones: unmask before mask before block, remote before local.
  const kinds = new Map<unknown, MarkerKind>()
  for (const config of [local, remote]) {
    for (const kind of MARKER_KINDS) for (const selector of asList(config?.[kind])) kinds.set(selector, kind)
  }
  const joined: CheckedPrivacyConfig = {}
  if (local?.failedClosed || remote.failedClosed) joined.failedClosed = true
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
