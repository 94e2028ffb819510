import type {
  Explanation,
  HoldInfo,
  ReplayController,
  ReplayError,
  ReplaySnapshot,
  ReplayStatus,
} from '@session-replay-kit/core'
import type { Component, ComponentProps, Snippet } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import type { Readable } from 'svelte/store'
import { describe, expectTypeOf, it } from 'vitest'
import {
  ampBlock,
  ampMask,
  Block,
  Mask,
  maskProps,
  PauseReplay,
  pauseReplay,
  ReplayPrivacyBoundary,
  SessionReplayProvider,
  Unmask,
  usePrivacyProps,
  useSessionReplay,
} from '../src/index.ts'
import { sessionReplayStore } from '../src/store.ts'

// Held by `npm run check`, where svelte-check knows the components' own types.

declare const client: ReplayController
declare const text: Snippet
declare const element: Snippet<[{ props: { 'data-amp-mask'?: string } }]>

/** What a template does with a component. */
// biome-ignore lint/suspicious/noExplicitAny: any component will do
declare function use<One extends Component<any>>(component: One, props: ComponentProps<One>): void

describe('SessionReplayProvider', () => {
  it('takes a controller, or options in one way or the other', () => {
    use(SessionReplayProvider, { client })
    use(SessionReplayProvider, { client, enabled: false, children: text })
    use(SessionReplayProvider, { apiKey: 'key', sampleRate: 0.1, routes: { deny: '/pay' } })
    use(SessionReplayProvider, { options: { sampleRate: 1 }, amplitude: null })
    // @ts-expect-error a controller has its options
    use(SessionReplayProvider, { client, sampleRate: 0.1 })
    // @ts-expect-error a controller has its options
    use(SessionReplayProvider, { client, options: {} })
    // @ts-expect-error one client only
    use(SessionReplayProvider, { apiKey: 'key', amplitude: null })
    // @ts-expect-error there is no such option
    use(SessionReplayProvider, { apiKey: 'key', samplerate: 0.1 })
    // @ts-expect-error consent is a word
    use(SessionReplayProvider, { apiKey: 'key', consent: true })
  })
})

describe('useSessionReplay', () => {
  it('gives values to read and functions to call', () => {
    const replay = useSessionReplay()
    expectTypeOf(replay.status).toEqualTypeOf<ReplayStatus>()
    expectTypeOf(replay.isRecording).toEqualTypeOf<boolean>()
    expectTypeOf(replay.reasons).toEqualTypeOf<readonly HoldInfo[]>()
    expectTypeOf(replay.error).toEqualTypeOf<ReplayError | null>()
    expectTypeOf(replay.snapshot).toEqualTypeOf<ReplaySnapshot>()
    expectTypeOf(replay.explain()).toEqualTypeOf<Explanation>()
    expectTypeOf(replay.pause('why')).toEqualTypeOf<ReplaySnapshot>()
    expectTypeOf(replay.client).toEqualTypeOf<ReplayController>()
    // @ts-expect-error read-only
    replay.client = client
    // @ts-expect-error there is no way to overrule a restricted page
    replay.resume({ force: true })
  })

  it('pauses on a value or a function', () => {
    useSessionReplay({ pause: true })
    useSessionReplay({ pause: () => false, detail: 'step' })
    // @ts-expect-error a store has to be read first
    useSessionReplay({ pause: sessionReplayStore(client) })
  })
})

describe('pauses', () => {
  it('take a function, so that they follow it', () => {
    pauseReplay()
    pauseReplay(() => true, { detail: 'payment' })
    use(PauseReplay, { when: false, detail: 'payment', children: text })
    // @ts-expect-error a value would be read once
    pauseReplay(true)
    // @ts-expect-error a component's prop follows by itself
    use(PauseReplay, { when: () => true })
  })
})

describe('privacy', () => {
  it('takes elements of its own or of the app', () => {
    use(Mask, { as: 'p', level: 'conservative', class: 'name', children: text })
    use(Mask, { child: element, when: false })
    use(Block, { as: 'aside', children: text })
    use(Unmask, { children: text })
    use(ReplayPrivacyBoundary, { mode: 'block', children: text })
    // @ts-expect-error a level has three names
    use(Mask, { level: 'strict' })
    // @ts-expect-error a blocked element has nothing to be masked
    use(Block, { level: 'light' })
    // @ts-expect-error the app's element has its own name
    use(Mask, { child: element, as: 'p' })
    // @ts-expect-error there is no such mode
    use(ReplayPrivacyBoundary, { mode: 'hide' })
    expectTypeOf<ComponentProps<typeof Block>>().not.toHaveProperty('level')
  })

  it('spreads attributes and attaches', () => {
    expectTypeOf(ampMask('medium')).toEqualTypeOf<Attachment<Element>>()
    expectTypeOf(ampBlock(false)).toEqualTypeOf<Attachment<Element>>()
    expectTypeOf(maskProps(true)).toExtend<{ 'data-amp-mask'?: string }>()
    expectTypeOf(usePrivacyProps().props).toExtend<{ 'data-amp-mask'?: string }>()
    // @ts-expect-error a level has three names
    ampMask('strict')
  })
})

describe('sessionReplayStore', () => {
  it('is a store of snapshots', () => {
    expectTypeOf(sessionReplayStore(client)).toExtend<Readable<ReplaySnapshot>>()
    // @ts-expect-error the store follows a controller, not options
    sessionReplayStore({ apiKey: 'key' })
  })
})
