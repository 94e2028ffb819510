import { cssRules } from './attributes.ts'
import { sanitizeCss, sanitizeCssValue } from './css.ts'
import type { Scope } from './decide.ts'
import type { StyleData } from './events.ts'
import { isHidden, REGIMES, type Regime } from './levels.ts'
import type { Rewriting } from './rewrite-node.ts'

/** Which documents and hosts use a sheet that is not part of the tree: sheet id → node ids. */
export type SheetUsers = Map<number, Set<number>>

/** Rules and declarations that a script changes, and adopted sheets. `false`: leave the event out. */
export function rewriteStyleEvent(data: StyleData, users: SheetUsers, rewriting: Rewriting): boolean {
  const ids = idsOf(data, users)
  const scopes = ids.map((id) => {
    const live = rewriting.mirror.getNode(id)
    return live ? rewriting.decision.of(live) : rewriting.decision.unknown
  })
  if (scopes.some(({ blocked, content }) => blocked || content === 'never')) return false
  const scope = strictestScope(scopes, rewriting.decision.unknown)
  const rules = cssRules(scope, rewriting.rules.url)
  for (const add of data.adds ?? []) add.rule = sanitizeCss(String(add.rule), rules)
  if (typeof data.replace === 'string') data.replace = sanitizeCss(data.replace, rules)
  if (typeof data.replaceSync === 'string') data.replaceSync = sanitizeCss(data.replaceSync, rules)
  if (data.set) {
    const { property, value } = data.set
    if (typeof value === 'string') data.set.value = sanitizeCssValue(property, value, rules)
    else if (value !== null && isHidden('cssString', scope.regime)) data.set.value = ''
  }
  for (const { rules: list } of data.styles ?? []) {
    for (const entry of list) entry.rule = sanitizeCss(entry.rule, rules)
  }
  return true
}

function idsOf({ id, styleId, styleIds }: StyleData, users: SheetUsers): number[] {
  for (const sheet of styleIds ?? []) {
    const known = users.get(sheet) ?? new Set()
    if (id !== undefined) users.set(sheet, known.add(id))
  }
  if (id !== undefined && id !== -1) return [id]
  return [...(users.get(styleId ?? -1) ?? [])]
}

function strictestScope(scopes: Scope[], unknown: Scope): Scope {
  const rank = ({ regime }: Scope): number => REGIMES.indexOf(regime satisfies Regime)
  return scopes.reduce((a, b) => (rank(b) > rank(a) ? b : a), scopes[0] ?? unknown)
}
