// @vitest-environment jsdom
import * as amplitude from '@amplitude/analytics-browser'
import { expect, it } from 'vitest'
import type { AmplitudeLike, ReplayPlugin } from '../controller/types.ts'
import { createFakeAmplitude } from './fakes.ts'

// What the controller is tested against is a model. Here model and original live through the same orders of calls, and
// whatever a plugin can see of them must be the same.

const STEPS = ['add', 'remove', 'init', 'finish', 'fail', 'wait'] as const
type Step = (typeof STEPS)[number]
const LENGTH = 4

interface Client extends AmplitudeLike {
  init(): { promise: Promise<unknown> }
}

let clients = 0

const QUIET = {
  identityStorage: 'none',
  logLevel: 0,
  remoteConfig: { fetchRemoteConfig: false },
  transportProvider: { send: async () => null },
} as const

function createReal(): Client {
  const client = amplitude.createInstance()
  return {
    add: (plugin) => client.add(plugin as unknown as amplitude.Types.Plugin),
    remove: (name) => client.remove(name),
    init: () =>
      client.init(`key-${clients++}`, {
        autocapture: false,
        enableDiagnostics: false,
        instanceName: `instance-${clients}`,
        ...QUIET,
      }),
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

/** Everything that is under way comes to rest. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await tick()
}

/** What a plugin is told, and what the client says about it whenever everything is at rest. */
async function live(client: Client, steps: readonly Step[]): Promise<string[]> {
  const seen: string[] = []
  let pending: { resolve(): void; reject(cause: unknown): void }[] = []
  let from: { plugin(name: string): unknown } | undefined
  const plugin: ReplayPlugin = {
    name: 'plugin',
    type: 'enrichment',
    async setup(_config, inner) {
      seen.push('setup')
      from = inner as typeof from
      await new Promise<void>((resolve, reject) => pending.push({ resolve, reject }))
    },
    async teardown() {
      seen.push('teardown')
    },
    execute: async (event) => event,
    onSessionIdChanged: async () => {},
    onOptOutChanged: async () => {},
  }
  const tell = (what: string, { promise }: { promise: Promise<unknown> }): void => {
    promise.then(
      () => seen.push(`${what} done`),
      () => seen.push(`${what} failed`),
    )
  }
  const end = (how: 'resolve' | 'reject'): void => {
    for (const each of pending.splice(0)) each[how](new Error('set-up failed') as never)
  }
  const look = async (): Promise<void> => {
    await rest()
    // What was told since the last look: in which microtask of it is the client's own affair.
    const since = seen.splice(seen.lastIndexOf('|') + 1).sort()
    seen.push(...since, from?.plugin('plugin') === plugin ? 'listed' : 'not listed', '|')
  }
  for (const step of steps) {
    if (step === 'add') tell('add', client.add(plugin))
    else if (step === 'remove') tell('remove', client.remove('plugin'))
    else if (step === 'init') tell('init', client.init())
    else if (step === 'finish') end('resolve')
    else if (step === 'fail') end('reject')
    else await look()
  }
  await look()
  end('resolve')
  await look()
  pending = []
  return seen
}

function orders(length: number): Step[][] {
  if (length === 0) return [[]]
  return orders(length - 1).flatMap((rest) => STEPS.map((step) => [...rest, step]))
}

it('the fake client behaves like the Browser SDK in every order of four steps, before and after init', async () => {
  const all = orders(LENGTH).flatMap((order): Step[][] => [order, ['init', 'wait', ...order]])
  const differences: string[] = []
  for (let at = 0; at < all.length; at += 400) {
    await Promise.all(
      all.slice(at, at + 400).map(async (steps) => {
        const [real, fake] = await Promise.all([
          live(createReal(), steps),
          live(createFakeAmplitude(), steps),
        ])
        if (real.join() !== fake.join()) {
          differences.push(`${steps.join(' ')}\n  real ${real.join(' ')}\n  fake ${fake.join(' ')}`)
        }
      }),
    )
  }
  expect(differences.slice(0, 5)).toEqual([])
}, 120_000)
