import { sanitizeCss, sanitizeCssValue } from './css.ts'
import type { Scope } from './decide.ts'
import type { StyleData } from './events.ts'
import { REGIMES, type Regime } from './levels.ts'
import type { Rewriting } from './rewrite-node.ts'
import { cssRules } from './style-attribute.ts'

/** Which documents and hosts use a sheet that is not part of the tree: sheet id → node ids. */
export type SheetUsers = Map<number, Set<number>>

/** Rules and declarations that a script changes, and adopted sheets. `false`: leave the event out. */
export function rewriteStyleEvent(data: StyleData, users: SheetUsers, rewriting: Rewriting): boolean {
  const ids = idsOf(data, users)
  // Used in what is not recorded, such as a block.
  if (ids.length === 0) return false
  const scopes = ids.map((id) => {
    const live = rewriting.mirror.getNode(id)
    return live ? rewriting.decision.of(live) : rewriting.decision.unknown
  })
  if (scopes.some(({ blocked, content }) => blocked || content === 'never')) return false
  const scope = strictestScope(scopes, rewriting.decision.unknown)
  const rules = cssRules(scope, rewriting.rules.url)
  for (const add of data.adds ?? []) add.rule = sanitizeCss(String(add.rule), rules)
  if (data.replace !== undefined) data.replace = sanitizeCss(String(data.replace), rules)
  if (data.replaceSync !== undefined) data.replaceSync = sanitizeCss(String(data.replaceSync), rules)
  if (data.set) {
    // As the page gave them: the browser ignores what it does not know, rrweb does not.
    const { property, value, priority } = data.set
    const text = value === null ? null : sanitizeCssValue(String(property), String(value), rules)
    data.set = { property: String(property), value: text }
    if (String(priority).toLowerCase() === 'important') data.set.priority = 'important'
  }
  for (const { rules: list } of data.styles ?? []) {
    for (const entry of list) entry.rule = sanitizeCss(entry.rule, rules)
  }
  return true
}

function idsOf({ id, styleId, styleIds }: StyleData, users: SheetUsers): number[] {
  for (const sheet of styleIds ?? []) {
    const known = users.get(sheet) ?? new Set()
    if (id !== undefined && id !== -1) users.set(sheet, known.add(id))
  }
  if (id !== undefined && id !== -1) return [id]
  return [...(users.get(styleId ?? -1) ?? [])]
}

function strictestScope(scopes: Scope[], unknown: Scope): Scope {
  const rank = ({ regime }: Scope): number => REGIMES.indexOf(regime satisfies Regime)
  return scopes.reduce((a, b) => (rank(b) > rank(a) ? b : a), scopes[0] ?? unknown)
}
