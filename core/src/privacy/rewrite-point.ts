import type { Scope } from './decide.ts'
import { isElement, tagOf } from './dom.ts'
import type { InputData, PathData, PointData, SelectionData } from './events.ts'
import { fieldChannel, fieldFacts, fieldValue, isField } from './fields.ts'
import { isHidden } from './levels.ts'
import type { Rewriting } from './rewrite-node.ts'

/** rrweb's mouse interactions by value: they tell the order in which fields had the focus. */
const FOCUS = 5
const BLUR = 6

/** Value and state of a field after a change. `false`: leave the event out. */
export function rewriteInput(data: InputData, { decision, mirror }: Rewriting): boolean {
  const live = mirror.getNode(data.id)
  if (!isElement(live) || !isField(tagOf(live))) return false
  const scope = decision.of(live)
  if (scope.blocked || scope.content === 'never') return false
  const facts = fieldFacts(live)
  const channel = fieldChannel(facts)
  if (channel === 'choiceValue' && isHidden('choiceState', scope.regime)) return false
  data.text = fieldValue(facts, data.text, scope.regime, channel)
  return true
}

/** A click, tap or focus. In a masked area only that it happened there is told, not where. */
export function rewritePoint(data: PointData, rewriting: Rewriting): boolean {
  const scope = scopeOfId(data.id, rewriting)
  if (!scope || scope.blocked) return false
  if (!isHidden('pointer', scope.regime)) return true
  if (data.type === FOCUS || data.type === BLUR) return false
  return moveToCentre(data, scope, rewriting)
}

/** The way of the pointer. */
export function rewritePath(data: PathData, rewriting: Rewriting): boolean {
  let last: { id: number; x: number; y: number } | undefined
  const from = rewriting.pointerFrom()
  data.positions = data.positions.filter((position) => {
    // rrweb tells of half a second at once: what was masked then may be open now.
    if (position.timeOffset <= from) return false
    const scope = scopeOfId(position.id, rewriting)
    // What is not recorded may lie below a block, and then the point would tell where.
    if (!scope) return false
    if (!scope.blocked && !isHidden('pointer', scope.regime)) {
      last = undefined
      return true
    }
    if (!moveToCentre(position, scope, rewriting)) return false
    // How long and how often the pointer moved inside is nobody's business either.
    const repeated = last?.id === position.id && last.x === position.x && last.y === position.y
    last = position
    return !repeated
  })
  return data.positions.length > 0
}

/** Which text is selected. Offsets into hidden text tell its length and words. */
export function rewriteSelection(data: SelectionData, { decision, mirror }: Rewriting): boolean {
  const before = data.ranges.length
  const isOpen = (id: number): boolean => {
    const live = mirror.getNode(id)
    if (!live) return false
    const { blocked, content, regime } = decision.of(live)
    return (
      !blocked && content !== 'never' && !isHidden(content === 'editable' ? 'editableText' : 'text', regime)
    )
  }
  data.ranges = data.ranges.filter(({ start, end }) => isOpen(start) && isOpen(end))
  // An empty list says that the selection ended.
  return data.ranges.length > 0 || before === 0
}

/** Scrolling and media: told unless blocked. */
export function rewriteState(data: PointData, { decision, mirror }: Rewriting): boolean {
  const live = mirror.getNode(data.id)
  return live !== null && !decision.of(live).blocked
}

function scopeOfId(id: number, { decision, mirror }: Rewriting): Scope | null {
  const live = mirror.getNode(id)
  return live && decision.of(live)
}

/** Names the whole area and its middle in place of the element and the point. */
function moveToCentre(point: PointData, scope: Scope, { mirror }: Rewriting): boolean {
  const { area } = scope
  const id = area ? mirror.getId(area) : -1
  if (!area || id < 0) return false
  const { left, top, width, height } = Element.prototype.getBoundingClientRect.call(area)
  point.id = id
  point.x = Math.round(left + width / 2)
  point.y = Math.round(top + height / 2)
  return true
}
