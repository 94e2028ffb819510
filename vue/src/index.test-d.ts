import type {
  HoldInfo,
  ReplayController,
  ReplayError,
  ReplaySnapshot,
  ReplayStatus,
} from '@session-replay-kit/core'
import { describe, expectTypeOf, it } from 'vitest'
import { type App, type ComputedRef, createApp, h, type Ref, ref, type VNode } from 'vue'
import type { Router } from 'vue-router'
import type { Router as Router4 } from 'vue-router-4'
import {
  createSessionReplayPlugin,
  maskProps,
  PauseReplay,
  ReplayMask,
  ReplayPrivacyBoundary,
  usePauseReplay,
  usePrivacyProps,
  useSessionReplay,
} from './index.ts'
import { connectVueRouter } from './router.ts'

declare const controller: ReplayController
declare const router: Router
declare const router4: Router4

describe('createSessionReplayPlugin', () => {
  it('takes options or a controller', () => {
    const plugin = createSessionReplayPlugin({
      apiKey: 'key',
      sampleRate: 0.1,
      routes: { deny: '/pay' },
      router,
    })
    expectTypeOf(plugin.client).toEqualTypeOf<ReplayController>()
    expectTypeOf(createApp({}).use(plugin)).toEqualTypeOf<App<Element>>()
    createSessionReplayPlugin(controller)
    createSessionReplayPlugin(controller, { router: router4, directives: false })
    // @ts-expect-error there is no such option
    createSessionReplayPlugin({ apiKey: 'key', samplerate: 0.1 })
    // @ts-expect-error a level has three names
    createSessionReplayPlugin({ apiKey: 'key', routes: { rules: [{ match: '/a', mask: 'strict' }] } })
    // @ts-expect-error a path is not a router
    createSessionReplayPlugin(controller, { router: '/pay' })
    // @ts-expect-error the plugin takes its options before, not in use()
    createApp({}).use(plugin, { directives: false })
    // @ts-expect-error read-only
    plugin.client = controller
  })
})

describe('useSessionReplay', () => {
  it('returns read-only refs', () => {
    const replay = useSessionReplay()
    expectTypeOf(replay.status).toEqualTypeOf<ComputedRef<ReplayStatus>>()
    expectTypeOf(replay.isRecording).toEqualTypeOf<ComputedRef<boolean>>()
    expectTypeOf(replay.reasons).toEqualTypeOf<ComputedRef<readonly HoldInfo[]>>()
    expectTypeOf(replay.error).toEqualTypeOf<ComputedRef<ReplayError | null>>()
    expectTypeOf(replay.pause('why')).toEqualTypeOf<ReplaySnapshot>()
    // @ts-expect-error read-only
    replay.status.value = 'recording'
    // @ts-expect-error there is no way to overrule a restricted page
    replay.resume({ force: true })
  })

  it('takes values, refs and getters to pause', () => {
    useSessionReplay({ pause: true })
    useSessionReplay({ pause: ref(false), detail: 'step' })
    useSessionReplay({ pause: () => true })
    // @ts-expect-error a pause is yes or no
    useSessionReplay({ pause: 'always' })
  })
})

describe('usePauseReplay', () => {
  it('returns whether it holds', () => {
    const { held } = usePauseReplay(() => true, { detail: 'x' })
    expectTypeOf(held).toEqualTypeOf<Readonly<Ref<boolean>>>()
    // @ts-expect-error read-only
    held.value = true
    // @ts-expect-error yes or no
    usePauseReplay('yes')
  })
})

describe('components', () => {
  it('take what they know', () => {
    expectTypeOf(h(ReplayMask, { level: 'light', when: true }, () => 'x')).toEqualTypeOf<VNode>()
    h(PauseReplay, { when: false, detail: 'x' })
    h(ReplayPrivacyBoundary, { mask: 'medium', block: true })
    type MaskProps = InstanceType<typeof ReplayMask>['$props']
    expectTypeOf<MaskProps['level']>().toEqualTypeOf<'light' | 'medium' | 'conservative' | undefined>()
    expectTypeOf<MaskProps['when']>().toEqualTypeOf<boolean | undefined>()
    // @ts-expect-error no such level
    h(ReplayMask, { level: 'strict' })
  })

  it('have the controller in templates', () => {
    type Instance = InstanceType<typeof PauseReplay>
    expectTypeOf<Instance['$sessionReplay']>().toEqualTypeOf<ReplayController>()
  })
})

describe('attributes', () => {
  it('are known', () => {
    expectTypeOf(maskProps('light')['data-amp-mask']).toEqualTypeOf<
      '' | 'light' | 'medium' | 'conservative' | undefined
    >()
    expectTypeOf(usePrivacyProps().value).toHaveProperty('data-amp-block')
    // @ts-expect-error no such level
    maskProps('strict')
  })
})

describe('connectVueRouter', () => {
  it('takes vue-router 4 and 5', () => {
    expectTypeOf(connectVueRouter(controller, router)).toEqualTypeOf<() => void>()
    connectVueRouter(controller, router4)
    // @ts-expect-error the controller comes first
    connectVueRouter(router, controller)
  })

  it('types the metadata of routes', () => {
    router.addRoute({ path: '/a', component: {}, meta: { replay: 'deny' } })
    router.addRoute({ path: '/a', component: {}, meta: { replay: { mask: 'conservative' } } })
    // @ts-expect-error misspelt
    router.addRoute({ path: '/a', component: {}, meta: { replay: 'dney' } })
  })
})
