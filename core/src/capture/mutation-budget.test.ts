import { expect, it } from 'vitest'
import { createMutationBudget } from './mutation-budget.ts'

function createRig() {
  let at = 0
  const stages: string[] = []
  const node = {} as Node
  const budget = createMutationBudget(
    { sampleAbovePerSecond: 10, blockAbovePerSecond: 100 },
    (_, stage, perSecond) => stages.push(`${stage ?? 'calm'} ${perSecond}`),
    () => at,
  )
  return {
    stages,
    node,
    budget,
    /** So many changes, evenly over one second. */
    second(changes: number) {
      const beganAt = at
      for (let n = 1; n <= changes; n++) {
        at = beganAt + (1000 * n) / (changes + 1)
        budget.turnPage()
        budget.spend(node)
      }
      at = beganAt + 1000
    },
  }
}

it('leaves a node alone that stays within its budget', () => {
  const { second, stages, budget } = createRig()
  second(10)
  second(10)
  expect(stages).toEqual([])
  expect(budget.hotNodes()).toEqual([])
})

it('samples a node above the first limit until it calms down', () => {
  const { second, stages, budget, node } = createRig()
  second(50)
  expect(budget.stageOf(node)).toBe('sampled')
  second(5)
  expect(budget.stageOf(node)).toBeUndefined()
  expect(stages).toEqual(['sampled 11', 'calm 5'])
})

it('blocks a node only in the second second above the second limit', () => {
  const { second, stages, budget, node } = createRig()
  second(500)
  expect(budget.stageOf(node)).toBe('sampled')
  second(500)
  expect(budget.stageOf(node)).toBe('blocked')
  expect(budget.hotNodes()).toEqual([{ node, stage: 'blocked', perSecond: 500 }])
  second(0)
  expect(budget.stageOf(node)).toBeUndefined()
  expect(stages).toEqual(['sampled 11', 'blocked 101', 'calm 0'])
})

it('counts each node by itself', () => {
  const { budget } = createRig()
  for (let n = 0; n < 1000; n++) budget.spend({} as Node)
  expect(budget.hotNodes()).toEqual([])
})
