import { mergePrivacy, type PrivacyProps } from '@session-replay-kit/core/props'
import {
  Comment,
  cloneVNode,
  createTextVNode,
  Fragment,
  h,
  isVNode,
  Static,
  Text,
  type VNode,
  warn,
} from 'vue'
import { isDevelopment } from './development.ts'

/** Writes the attributes on every root of a slot's content. Only loose text gets an element of its own. */
export const markSlot = (content: readonly unknown[], marks: PrivacyProps): (VNode | null)[] =>
  content.map((child) => markChild(child, marks))

/** Takes all that Vue takes for a child. Nothing stays nothing: children are compared by their places. */
function markChild(child: unknown, marks: PrivacyProps): VNode | null {
  if (child == null || typeof child === 'boolean') return null
  if (isVNode(child)) return markVNode(child, marks)
  return markVNode(Array.isArray(child) ? h(Fragment, null, child) : createTextVNode(String(child)), marks)
}

function markVNode(vnode: VNode, marks: PrivacyProps): VNode {
  const { type, children } = vnode
  if (type === Comment || isBlank(vnode)) return vnode
  if (type === Fragment || isTeleport(type)) {
    return h(
      type as typeof Fragment,
      { ...vnode.props, key: vnode.key as PropertyKey },
      markSlot(Array.isArray(children) ? children : [], marks),
    )
  }
  if (type === Text || type === Static || isSuspense(type)) return wrap(vnode, marks)
  const merged = mergePrivacy(vnode.props, marks)
  if (typeof type === 'string') return cloneVNode(vnode, merged)
  const ensure = (mounted: VNode): void => ensureMarked(mounted, marks)
  return cloneVNode(vnode, { ...merged, onVnodeMounted: ensure, onVnodeUpdated: ensure })
}

const wrap = (vnode: VNode, marks: PrivacyProps): VNode =>
  h('span', { style: 'display: contents', key: vnode.key as PropertyKey, ...marks }, [vnode])

/**
 * A component hands attributes on only if it has a single root. Whatever it is made of, it is marked here in the step
 * that inserts it, before the recorder is told of the insertion.
 */
function ensureMarked({ component }: VNode, marks: PrivacyProps): void {
  let tree = component?.subTree
  while (tree?.component) tree = tree.component.subTree
  if (!tree) return
  const last = tree.anchor ?? tree.el
  for (let node = tree.el as Node | null; node; node = node === last ? null : node.nextSibling) {
    if (!(node instanceof Element)) continue
    for (const [mark, value] of Object.entries(marks)) {
      if (node.hasAttribute(mark)) continue
      node.setAttribute(mark, value)
      if (isDevelopment) {
        warn(
          '[session-replay] BAD_CHILD: a component inside ReplayMask, ReplayUnmask or ReplayBlock has several roots or ' +
            'inheritAttrs: false. It was marked late, and server markup lacks the mark: bind $attrs to its root elements.',
        )
      }
    }
  }
}

const isBlank = ({ type, children }: VNode): boolean =>
  type === Text && typeof children === 'string' && children.trim() === ''

const isTeleport = (type: unknown): boolean => Boolean((type as { __isTeleport?: boolean }).__isTeleport)
const isSuspense = (type: unknown): boolean => Boolean((type as { __isSuspense?: boolean }).__isSuspense)
