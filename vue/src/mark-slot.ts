import {
  isFullMask,
  mergePrivacy,
  PRIVACY_ATTRIBUTES,
  type PrivacyProps,
} from '@session-replay-kit/core/props'
import {
  Comment,
  cloneVNode,
  createTextVNode,
  Fragment,
  h,
  isVNode,
  nextTick,
  Static,
  Text,
  type VNode,
  type VNodeProps,
  warn,
} from 'vue'
import { isDevelopment } from './development.ts'
import { readMarks } from './read-marks.ts'

// Every root is marked before Vue puts it in place. Of a component that means: of all it will ever render, as nobody
// hears of it when a component far below renders anew, and hooks after the fact come too late under `<Suspense>`.

/**
 * Where a vnode comes from: only what stands in a slot is marked on a server, too. What takes over a server's markup has
 * to be what the server wrote, and gets nothing added.
 */
type Source = 'slot' | 'component' | 'markup'

/** Writes the attributes on every root of a slot's content. Only loose text gets an element of its own. */
export const markSlot = (content: readonly unknown[], marks: PrivacyProps): (VNode | null)[] =>
  content.map((child) => markChild(child, marks, 'slot'))

/** Vue writes what stands on a component over what stands on its root, where the stricter mask has to win. */
export function keepStricter(root: VNode, attrs: Record<string, unknown>): void {
  const mask = root.props?.['data-amp-mask']
  if (mask !== undefined && 'data-amp-mask' in attrs) attrs['data-amp-mask'] = mask
}

/** Takes all that Vue takes for a child. Nothing stays nothing: children are compared by their places. */
function markChild(child: unknown, marks: PrivacyProps, source: Source): VNode | null {
  if (child == null || typeof child === 'boolean') return null
  if (isVNode(child)) return markVNode(child, marks, source)
  return markVNode(
    Array.isArray(child) ? h(Fragment, null, child) : createTextVNode(String(child)),
    marks,
    source,
  )
}

function markVNode(vnode: VNode, marks: PrivacyProps, source: Source): VNode {
  const { type } = vnode
  if (type === Comment || isBlank(vnode)) return vnode
  if (type === Text) return source === 'markup' ? vnode : wrap(vnode, marks)
  // Of a component it is markup from the source code; an element that the server has not written would cost all of it.
  if (type === Static) return source === 'slot' ? wrap(vnode, marks) : vnode
  if (holdsRoots(type)) return markInside(vnode, marks, source)
  const merged = mergePrivacy(vnode.props, marks)
  return clone(vnode, typeof type === 'string' ? merged : { ...merged, ...HOOKS })
}

/** Transitions are found again by vnode and key, so a clone needs its own. The element is of where it was before. */
const clone = (vnode: VNode, props: object = {}): VNode =>
  Object.assign(cloneVNode(vnode, { ...props, key: vnode.key as PropertyKey }, false, true), { el: null })

const wrap = (vnode: VNode, marks: PrivacyProps): VNode =>
  h('span', { style: 'display: contents', key: vnode.key as PropertyKey, ...marks }, [vnode])

/** Vue's own flags: a root with comments around it (development only), and "compare everything". */
const DEV_ROOT_FRAGMENT = 2048
const BAIL = -2

/** With what Vue's types leave out. */
type Suspended = VNode & { ssContent?: VNode | null; ssFallback?: VNode | null }

function markInside(vnode: VNode, marks: PrivacyProps, source: Source): VNode {
  const marked: Suspended = clone(vnode)
  if (Array.isArray(vnode.children)) {
    const children = vnode.children.map((child) => markChild(child, marks, source))
    // A group of transitions finds its elements by the list that it has made. A list of anybody else may be used again.
    marked.children = vnode.children.some(isInGroup) ? Object.assign(vnode.children, children) : children
  }
  for (const branch of ['ssContent', 'ssFallback'] as const) {
    if (marked[branch]) marked[branch] = markVNode(marked[branch], marks, source)
  }
  // What the compiler knows of these children is not true of the marked ones.
  marked.patchFlag = (vnode.patchFlag > 0 && vnode.patchFlag & DEV_ROOT_FRAGMENT) || BAIL
  return marked
}

/** As much of a component's instance as is needed here. Vue's types leave `render` out. */
interface Instance {
  /** A functional component is its own render function. */
  type: object
  render: object
  readonly vnode: VNode
  readonly isMounted: boolean
  readonly isUnmounted: boolean
  update(): void
  readonly attrs: Record<string, unknown>
  /** None of a functional component. */
  readonly proxy: { readonly $attrs: object } | null
}

const markers = new WeakSet<object>()

/** From now on all that this component renders is marked with what stands on it at that time. */
function markRender({ component }: VNode): void {
  const instance = component as unknown as Instance
  hideLevel(instance.attrs)
  const place = typeof instance.type === 'function' ? 'type' : 'render'
  // Again before updates, as a hot update replaces the function.
  if (markers.has(instance[place])) return
  instance[place] = new Proxy(instance[place] as () => unknown, {
    apply(render, self, args) {
      const source = isTakingOver(instance) ? 'markup' : 'component'
      const root = markChild(Reflect.apply(render, self, args), marksOf(instance.vnode), source)
      if (isDevelopment) acceptMarks(instance)
      if (source === 'markup' && hasText(root)) void nextTick().then(() => renderAgain(instance))
      return root
    },
  })
  markers.add(instance[place])
}

/** Only what takes over a server's markup has an element before it renders, and that is in its place. */
const isTakingOver = ({ isMounted, vnode }: Instance): boolean => !isMounted && vnode.el?.parentNode != null

function renderAgain(instance: Instance): void {
  if (isDevelopment) warnOfMarkup('renders text outside of an element')
  if (!instance.isUnmounted) instance.update()
}

/** The roots have it. Handed on with the other attributes it could loosen a mask of the component's own. */
function hideLevel(attrs: Record<string, unknown>): void {
  const mask = attrs['data-amp-mask']
  if (mask !== undefined)
    Object.defineProperty(attrs, 'data-amp-mask', { value: mask, enumerable: isFullMask(mask) })
}

/** Vue warns of attributes that come from outside and find no single root. These the host has not written. */
function acceptMarks({ attrs, proxy }: Instance): void {
  if (Object.keys(attrs).every((name) => (PRIVACY_ATTRIBUTES as readonly string[]).includes(name)))
    void proxy?.$attrs
}

const marksOf = ({ props }: VNode): PrivacyProps => mergePrivacy(props, {})

/** What was not rendered here lacks the mark: the server's markup of several roots. */
function ensureMarked(vnode: VNode): void {
  let tree: VNode | undefined = vnode
  while (tree?.component) tree = tree.component.subTree
  if (!tree) return
  const marks = mergePrivacy(tree.props, marksOf(vnode))
  const last = tree.anchor ?? tree.el
  for (let node = tree.el as Node | null; node; node = node === last ? null : node.nextSibling) {
    if (!(node instanceof Element)) continue
    const own = readMarks(node)
    for (const [mark, value] of Object.entries(mergePrivacy(own, marks))) {
      if (own[mark] === value) continue
      node.setAttribute(mark, value)
      if (isDevelopment && own[mark] === null) warnOfMarkup('has several roots or inheritAttrs: false')
    }
  }
}

const warnOfMarkup = (cause: string): void =>
  warn(
    `[session-replay] BAD_CHILD: a component inside ReplayMask, ReplayUnmask or ReplayBlock ${cause}. ` +
      'It was marked late, and server markup lacks the mark: bind $attrs to its root elements.',
  )

const HOOKS: VNodeProps = {
  onVnodeBeforeMount: markRender,
  onVnodeBeforeUpdate: markRender,
  onVnodeMounted: ensureMarked,
  onVnodeUpdated: ensureMarked,
}

const isInGroup = (child: unknown): boolean => isVNode(child) && child.transition !== null

const isBlank = ({ type, children }: VNode): boolean =>
  type === Text && typeof children === 'string' && children.trim() === ''

const holdsRoots = (type: unknown): boolean => type === Fragment || isTeleport(type) || isSuspense(type)

const hasText = (vnode: Suspended | null): boolean =>
  vnode !== null &&
  ((vnode.type === Text && !isBlank(vnode)) ||
    hasText(vnode.ssContent ?? null) ||
    (holdsRoots(vnode.type) && Array.isArray(vnode.children) && (vnode.children as VNode[]).some(hasText)))

const isTeleport = (type: unknown): boolean => Boolean((type as { __isTeleport?: boolean }).__isTeleport)
const isSuspense = (type: unknown): boolean => Boolean((type as { __isSuspense?: boolean }).__isSuspense)
