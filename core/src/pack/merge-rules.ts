import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'

// Joins rules that come to one style sheet, or go from it, one call after the other: libraries that keep styles in
// scripts make hundreds of such calls at once. A player takes the rules of an event in their order, and all that come
// before any that go, so rules that come and rules that go are never joined with each other.

type Kind = 'adds' | 'removes'

interface RuleChange extends ReplayEvent {
  readonly data: {
    readonly id?: number
    readonly styleId?: number
    readonly adds?: readonly unknown[]
    readonly removes?: readonly unknown[]
  }
}

/** Which rules change; `null` for an event that does anything else, or both. */
function kindOf({ type, data }: ReplayEvent): Kind | null {
  const change = data as RuleChange['data'] & { source?: number; replace?: unknown; replaceSync?: unknown }
  if (type !== EventType.Incremental || change?.source !== IncrementalSource.StyleSheetRule) return null
  if (change.replace !== undefined || change.replaceSync !== undefined) return null
  const comes = Array.isArray(change.adds)
  if (comes === Array.isArray(change.removes)) return null
  return comes ? 'adds' : 'removes'
}

/** Both change rules of one sheet in the same way. */
export function areRulesOfOneSheet(first: ReplayEvent, event: ReplayEvent): boolean {
  const kind = kindOf(first)
  if (!kind || kindOf(event) !== kind) return false
  const [one, other] = [(first as RuleChange).data, (event as RuleChange).data]
  return one.id === other.id && one.styleId === other.styleId
}

/** One event with the rules of all, which are of one sheet. */
export function joinRules(events: readonly [ReplayEvent, ...ReplayEvent[]]): ReplayEvent {
  const [first] = events as readonly [RuleChange, ...RuleChange[]]
  const kind = kindOf(first) ?? 'adds'
  const rules = (events as readonly RuleChange[]).flatMap(({ data }) => data[kind] ?? [])
  return { ...first, data: { ...first.data, [kind]: rules } }
}
