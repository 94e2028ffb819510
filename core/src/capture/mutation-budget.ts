/*
 * What one node may change before it costs the page more than its replay is worth. Pure bookkeeping: it counts, and
 * says in which stage a node is; `mutation-window.ts` acts on it.
 */

export interface MutationLimits {
  /** Changes of one node in a second, above which they are told at longer intervals. */
  readonly sampleAbovePerSecond: number
  /** Changes of one node in a second, above which, in two seconds running, they are not told until it calms down. */
  readonly blockAbovePerSecond: number
}

export type HotStage = 'sampled' | 'blocked'

export interface HotNode {
  readonly node: Node
  readonly stage: HotStage
  /** Changes in the second that decided it. */
  readonly perSecond: number
}

export interface MutationBudget {
  /** Ends the second that is over. Before `spend`, once for changes that come together. */
  turnPage(): void
  /** Counts a change of the node and says in which stage that leaves it; undefined: it may go on. */
  spend(node: Node): HotStage | undefined
  /** Of now, without counting anything. */
  stageOf(node: Node): HotStage | undefined
  hotNodes(): readonly HotNode[]
}

const SECOND_MS = 1000

/** `onStage` hears of each node that comes into a stage, and with `undefined` of each that has calmed down. */
export function createMutationBudget(
  limits: MutationLimits,
  onStage: (node: Node, stage: HotStage | undefined, perSecond: number) => void,
  now: () => number,
): MutationBudget {
  let secondBeganAt = now()
  let counts = new Map<Node, number>()
  /** Above the limit for blocking in the second before. */
  let overBefore = new Set<Node>()
  let hot = new Map<Node, HotNode>()

  function enter(node: Node, stage: HotStage, perSecond: number): void {
    const before = hot.get(node)
    if (before?.stage === 'blocked' || before?.stage === stage) return
    hot.set(node, { node, stage, perSecond })
    onStage(node, stage, perSecond)
  }

  /** A stage that was earned in one second lasts through the next. */
  function turnPage(): void {
    const spanMs = now() - secondBeganAt
    if (spanMs < SECOND_MS) return
    secondBeganAt += spanMs
    // After a longer pause the counts are of a second that is long over.
    const ended = spanMs < 2 * SECOND_MS ? counts : new Map<Node, number>()
    counts = new Map()
    overBefore = new Set()
    for (const [node, count] of ended) if (count > limits.blockAbovePerSecond) overBefore.add(node)
    const before = hot
    hot = new Map()
    for (const [node, one] of before) {
      const count = ended.get(node) ?? 0
      const limit = one.stage === 'blocked' ? limits.blockAbovePerSecond : limits.sampleAbovePerSecond
      if (count > limit) hot.set(node, { ...one, perSecond: count })
      else onStage(node, undefined, count)
    }
  }

  return {
    turnPage,
    spend(node) {
      const count = (counts.get(node) ?? 0) + 1
      counts.set(node, count)
      if (count > limits.sampleAbovePerSecond) {
        const isBlocked = count > limits.blockAbovePerSecond && overBefore.has(node)
        enter(node, isBlocked ? 'blocked' : 'sampled', count)
      }
      return hot.get(node)?.stage
    },
    stageOf(node) {
      turnPage()
      return hot.get(node)?.stage
    },
    hotNodes() {
      turnPage()
      return [...hot.values()]
    },
  }
}
