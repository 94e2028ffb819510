import { rewriteAttributes } from './attributes.ts'
import { composedParent, isElement } from './dom.ts'
import type { Attributes, MutationData } from './events.ts'
import { fieldFacts, isField } from './fields.ts'
import { maskText } from './mask.ts'
import { type Rewriting, rewriteText, rewriteTree } from './rewrite-node.ts'

/** Makes a mutation private, in place. `false`: nothing of it is left. */
export function rewriteMutation(data: MutationData, rewriting: Rewriting): boolean {
  data.adds = data.adds.filter((add) => rewriteAdd(add, rewriting))
  data.texts = data.texts.filter((text) => rewriteTextChange(text, rewriting))
  data.attributes = data.attributes.filter((change) => rewriteAttributeChange(change, rewriting))
  return data.adds.length + data.texts.length + data.attributes.length + data.removes.length > 0
}

function rewriteAdd({ parentId, node }: MutationData['adds'][number], rewriting: Rewriting): boolean {
  const { decision, mirror, rules } = rewriting
  // rrweb gives -2 to what it leaves out, such as scripts: their children have no place in the replay.
  if (parentId < 0) return false
  const live = mirror.getNode(node.id)
  const parent = (live && composedParent(live)) ?? mirror.getNode(parentId)
  const above = parent ? decision.of(parent) : decision.unknown
  if (above.content === 'never') return false
  if (above.blocked && !isSlotted(live, parentId, rewriting)) return false
  if (node.isShadow && live) rules.onRoot(live.getRootNode())
  rewriteTree(node, above, rewriting)
  return true
}

/**
 * What is shown in a blocked slot hangs below its visible host in rrweb's tree. It stays as an empty box or
 * text there, because its neighbours are placed by its id.
 */
function isSlotted(live: Node | null, parentId: number, { decision, mirror }: Rewriting): boolean {
  const host = live && mirror.getNode(parentId)
  return host !== null && live !== null && host === live.parentNode && !decision.of(host).blocked
}

function rewriteTextChange(change: MutationData['texts'][number], rewriting: Rewriting): boolean {
  const live = rewriting.mirror.getNode(change.id)
  const scope = live ? rewriting.decision.of(live) : rewriting.decision.unknown
  if (scope.blocked || scope.content === 'never') return false
  if (change.value === null) return true
  if (live?.nodeType !== Node.TEXT_NODE) change.value = live ? '' : maskText(change.value)
  else change.value = rewriteText(change.value, live, scope, rewriting)
  return true
}

function rewriteAttributeChange(change: MutationData['attributes'][number], rewriting: Rewriting): boolean {
  const { decision, mirror, rules } = rewriting
  const live = mirror.getNode(change.id)
  const scope = live ? decision.of(live) : decision.unknown
  if (scope.blocked) return keepOnlyClass(change, live, rewriting)
  const facts = isElement(live) ? fieldFacts(live) : { tag: '', attribute: () => null, live: null }
  const { attributes } = change
  // Another type can mean another rule for a value that was recorded before.
  if (isElement(live) && isField(facts.tag) && ('type' in attributes || 'autocomplete' in attributes)) {
    addValue(live as HTMLInputElement, attributes)
  }
  // Without its element a `value` cannot be told from a harmless one.
  if (!live && typeof attributes.value === 'string') attributes.value = maskText(attributes.value)
  rewriteAttributes(attributes, facts, scope, rules)
  return Object.keys(attributes).length > 0
}

/** The box of a blocked element may move with its class; nothing below it changes. */
function keepOnlyClass(
  change: { attributes: Attributes },
  live: Node | null,
  { decision }: Rewriting,
): boolean {
  const parent = live && composedParent(live)
  if (!parent || decision.of(parent).blocked || !('class' in change.attributes)) return false
  change.attributes = { class: change.attributes.class }
  return true
}

function addValue(field: HTMLInputElement, attributes: Attributes): void {
  const facts = fieldFacts(field)
  const type = facts.attribute('type')?.toLowerCase()
  if (facts.tag === 'input' && (type === 'checkbox' || type === 'radio' || type === 'file')) return
  const { value } = field
  if (typeof value === 'string' && value !== '' && attributes.value === undefined) attributes.value = value
}
