import { expect, it } from 'vitest'
import { resolveOptions } from '../config/resolve-options.ts'
import type { ReplayError } from '../errors.ts'
import type { PageTargeting } from '../pipeline/targeting.ts'
import type { TargetingVerdict } from '../session/targeting.ts'
import { watchTargeting } from './targeting-watch.ts'

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** Rules that say what `answers` says next, over a page whose address changes with `navigate`. */
function setUp(load?: (targeting: PageTargeting) => Promise<PageTargeting>) {
  const answers: TargetingVerdict[] = []
  const followers = new Set<() => void>()
  const reported: ReplayError[] = []
  let asked = 0
  const targeting: PageTargeting = {
    verdict: 'pending',
    async evaluate() {
      asked += 1
      return answers.shift() ?? 'not-matched'
    },
    follow(run) {
      followers.add(run)
      run()
      return () => followers.delete(run)
    },
  }
  const watch = watchTargeting({
    rules: () => ({ flag: {}, sessionId: 1 }),
    apiKey: 'KEY',
    options: resolveOptions({}, () => {}),
    load: async () => load?.(targeting) ?? targeting,
    report: (error) => reported.push(error),
    onVerdict() {},
  })
  const navigate = async (): Promise<void> => {
    for (const run of followers) run()
    await settled()
  }
  return { watch, answers, followers, reported, navigate, asked: () => asked }
}

it('asks again at each address, once it is to follow the page', async () => {
  const { watch, answers, navigate, followers } = setUp()
  await watch.evaluate()
  expect([watch.verdict(), followers.size]).toEqual(['not-matched', 0])
  watch.follow()
  await settled()
  answers.push('matched')
  await navigate()
  expect(watch.verdict()).toBe('matched')
})

it('follows from the first answer on when it was told to before', async () => {
  const { watch, followers } = setUp()
  watch.follow()
  await settled()
  expect(followers.size).toBe(0)
  await watch.evaluate()
  await settled()
  expect(followers.size).toBe(1)
})

it('listens once, and not at all after the end', async () => {
  const { watch, followers } = setUp()
  await watch.evaluate()
  watch.follow()
  watch.follow()
  await settled()
  expect(followers.size).toBe(1)
  watch.stop()
  expect(followers.size).toBe(0)
  await watch.evaluate()
  await settled()
  expect(followers.size).toBe(0)
})

it('is ended before its rules are there', async () => {
  const { watch, followers } = setUp()
  const asking = watch.evaluate()
  watch.follow()
  watch.stop()
  await asking
  await settled()
  expect(followers.size).toBe(0)
})

it('matches nobody where the rules cannot be loaded, and says so', async () => {
  const { watch, reported } = setUp(() => Promise.reject(new Error('offline')))
  watch.follow()
  await watch.evaluate()
  await settled()
  expect(watch.verdict()).toBe('not-matched')
  expect(reported.map(({ code }) => code)).toEqual(['REMOTE_CONFIG'])
})

it('asks for its code again when that could not be had', async () => {
  let isThere = false
  const { watch, answers } = setUp((targeting) =>
    isThere ? Promise.resolve(targeting) : Promise.reject(new TypeError('Failed to fetch')),
  )
  await watch.evaluate()
  expect(watch.verdict()).toBe('not-matched')
  isThere = true
  answers.push('matched')
  await watch.evaluate()
  expect(watch.verdict()).toBe('matched')
})

it('forgets answers to earlier rules', async () => {
  const { watch, answers } = setUp()
  answers.push('matched')
  const asking = watch.evaluate()
  watch.forget()
  await asking
  expect(watch.verdict()).toBe('pending')
})
