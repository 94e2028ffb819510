// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest'
import { pipelineDeps } from '../../test/support/pipeline-deps.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import { createPipeline } from '../pipeline.ts'
import type { Delivery } from './delivery.ts'
import { startPageDelivery } from './page-delivery.ts'

// A delivery that ends while nothing gets through: it goes on trying for as long as the outage lasts.

vi.mock('./page-delivery.ts', () => ({ startPageDelivery: vi.fn() }))

const calls: string[] = []
let arrive = (): void => {}

beforeEach(() => {
  calls.length = 0
  let opened = 0
  vi.mocked(startPageDelivery).mockImplementation(() => {
    const name = `delivery ${++opened}`
    const note = (what: string) => () => void calls.push(`${name}: ${what}`)
    return {
      adopt: note('adopt'),
      wake: note('wake'),
      discardRecent: note('discardRecent'),
      discard: async () => note('discard')(),
      end: () =>
        new Promise<void>((resolve) => {
          note('end')()
          if (name === 'delivery 1') arrive = resolve
          else resolve()
        }),
    } as unknown as Delivery
  })
})

const OPTIONS = resolveOptions({}, () => {})

function rested() {
  const pipeline = createPipeline(pipelineDeps(OPTIONS))
  pipeline.adopt()
  const resting = pipeline.rest()
  calls.length = 0
  return { pipeline, resting }
}

it('is reached by withdrawn consent, and what dead tabs left is forgotten with it', async () => {
  const { pipeline } = rested()
  await pipeline.discard()
  expect(calls).toEqual(['delivery 1: discard', 'delivery 2: discard', 'delivery 2: end'])
})

it('is not asked any more once it has ended', async () => {
  const { pipeline, resting } = rested()
  arrive()
  await resting
  await pipeline.discard()
  expect(calls).toEqual(['delivery 2: discard', 'delivery 2: end'])
})

it('hears that it may send by now, and that what came last is to be taken back', () => {
  const { pipeline } = rested()
  pipeline.wake()
  pipeline.discardRecent(200)
  expect(calls).toEqual(['delivery 1: wake', 'delivery 1: discardRecent'])
})
