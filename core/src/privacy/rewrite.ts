import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'
import type {
  InputData,
  MutationData,
  PathData,
  PointData,
  SelectionData,
  SerializedNode,
  StyleData,
} from './events.ts'
import { isHidden } from './levels.ts'
import {
  type NetworkEntry,
  type RecordRules,
  sanitizeJson,
  sanitizeMessage,
  sanitizeNetworkEntry,
  sanitizeRecord,
} from './records.ts'
import { rewriteMutation } from './rewrite-mutation.ts'
import { type Rewriting, rewriteTree } from './rewrite-node.ts'
import { rewriteInput, rewritePath, rewritePoint, rewriteSelection, rewriteState } from './rewrite-point.ts'
import { rewriteStyleEvent, type SheetUsers } from './rewrite-style.ts'

export interface EventRules {
  /** Address of the page, already by the level of now. */
  url(href: string): string
  title(title: string): string
  records: RecordRules
}

/** Makes one event private, in place. `null`: nothing of it may be recorded. */
export function rewriteEvent(
  event: ReplayEvent,
  rewriting: Rewriting,
  rules: EventRules,
  users: SheetUsers,
): ReplayEvent | null {
  switch (event.type) {
    case EventType.Meta: {
      const data = event.data as { href: string }
      data.href = rules.url(data.href)
      return event
    }
    case EventType.FullSnapshot: {
      // rrweb numbers sheets anew from here on.
      users.clear()
      const { node } = event.data as { node: SerializedNode }
      rewriteTree(node, rewriting.decision.unknown, rewriting)
      return event
    }
    case EventType.Incremental:
      return rewriteIncremental(event.data as { source: number }, rewriting, users) ? event : null
    case EventType.Custom:
    case EventType.Plugin:
      rewriteRecord(event, rules)
      return event
    case EventType.DomContentLoaded:
    case EventType.Load:
      return event
  }
  // An event that this version of the kit does not know can hold anything.
  return null
}

function rewriteIncremental(data: { source: number }, rewriting: Rewriting, users: SheetUsers): boolean {
  switch (data.source) {
    case IncrementalSource.Mutation:
      return rewriteMutation(data as MutationData, rewriting)
    case IncrementalSource.Input:
      return rewriteInput(data as unknown as InputData, rewriting)
    case IncrementalSource.MouseMove:
    case IncrementalSource.TouchMove:
    case IncrementalSource.Drag:
      return rewritePath(data as unknown as PathData, rewriting)
    case IncrementalSource.MouseInteraction:
      return rewritePoint(data as unknown as PointData, rewriting)
    case IncrementalSource.Scroll:
    case IncrementalSource.MediaInteraction:
      return rewriteState(data as unknown as PointData, rewriting)
    case IncrementalSource.StyleSheetRule:
    case IncrementalSource.StyleDeclaration:
    case IncrementalSource.AdoptedStyleSheet:
      return rewriteStyleEvent(data as unknown as StyleData, users, rewriting)
    case IncrementalSource.Selection:
      return rewriteSelection(data as unknown as SelectionData, rewriting)
    case IncrementalSource.CanvasMutation: {
      const live = rewriting.mirror.getNode((data as unknown as PointData).id)
      const scope = live && rewriting.decision.of(live)
      return scope !== null && !scope.blocked && !isHidden('pixels', scope.regime)
    }
    case IncrementalSource.Font: {
      const font = data as unknown as { fontSource: string; buffer: boolean }
      const { url } = rewriting.rules
      if (!font.buffer)
        font.fontSource = font.fontSource.replace(/url\((["']?)(.*?)\1\)/g, (_, quote, address) => {
          return `url(${quote}${url(address, false)}${quote})`
        })
      return true
    }
    case IncrementalSource.ViewportResize:
    case IncrementalSource.CustomElement:
      return true
  }
  return false
}

/** Custom events and plugins: addresses, titles, console and network entries. */
function rewriteRecord(event: ReplayEvent, rules: EventRules): void {
  const data = event.data as { plugin?: string; tag?: string; payload?: unknown }
  const { payload, plugin } = data
  if (data.tag === 'fetch-request') {
    data.payload = rewriteNetwork(payload, rules.records)
    return
  }
  if (plugin === undefined) {
    data.payload = sanitizeRecord(payload, { ...rules.records, hide: false })
    return
  }
  if (payload !== null && typeof payload === 'object' && ('href' in payload || 'title' in payload)) {
    const { href, title } = payload as { href?: unknown; title?: unknown }
    data.payload = {
      ...(sanitizeRecord(payload, { ...rules.records, hide: false }) as object),
      ...(typeof href === 'string' && { href: rules.url(href) }),
      ...(typeof title === 'string' && { title: rules.title(title) }),
    }
  } else if (/console/i.test(plugin)) data.payload = rewriteConsole(payload, rules.records)
  else if (/network/i.test(plugin)) data.payload = rewriteNetwork(payload, rules.records)
  else data.payload = sanitizeRecord(payload, rules.records)
}

function rewriteConsole(payload: unknown, rules: RecordRules): unknown {
  const { level, ...rest } = (payload ?? {}) as { level?: unknown; payload?: unknown; trace?: unknown }
  const texts = (list: unknown): unknown =>
    Array.isArray(list)
      ? // Each argument is a JSON text of its own.
        list.map((text) => sanitizeJson(String(text), rules) ?? sanitizeMessage(String(text), rules))
      : sanitizeRecord(list, rules)
  return { level, payload: texts(rest.payload), trace: texts(rest.trace ?? []) }
}

function rewriteNetwork(payload: unknown, rules: RecordRules): unknown {
  if (Array.isArray(payload)) return payload.map((entry) => rewriteNetwork(entry, rules))
  if (payload === null || typeof payload !== 'object') return undefined
  if ('requests' in payload) return { ...payload, requests: rewriteNetwork(payload.requests, rules) }
  return sanitizeNetworkEntry(payload as NetworkEntry, rules)
}
