import { expect, it, vi } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { createAnalytics } from './analytics.ts'

const init = vi.hoisted(() => vi.fn())
vi.mock('@amplitude/analytics-browser', () => ({ init }))

const broken = new Error('no storage')

it.each<[string, () => unknown]>([
  ['rejects', () => ({ promise: Promise.reject(broken) })],
  [
    'throws',
    () => {
      throw broken
    },
  ],
])('reports an init() that %s, and the app hears nothing of it', async (kind, run) => {
  init.mockImplementation(run)
  const errors: ReplayError[] = []
  let later = (): void => {}
  const analytics = createAnalytics(
    { apiKey: `key that ${kind}` },
    (task) => {
      later = task
    },
    (error) => errors.push(error),
  )
  await analytics.client()
  expect(later()).toBeUndefined()
  await vi.waitFor(() => expect(errors.map(({ code }) => code)).toEqual(['SETUP_FAILED']))
  expect(errors[0]?.cause).toBe(broken)
})
