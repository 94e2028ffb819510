import { describe, expect, it } from 'vitest'
import { createTestHost } from './controller/test-host.ts'
import type {
  AmplitudeLike,
  NavigationSource,
  ReplayController,
  ReplayLifecycleEvent,
  ReplayOptions,
  ReplayRouteMeta,
} from './controller/types.ts'
import { createController } from './controller.ts'
import { createFakeAmplitude, createFakeRecorder, type FakeRecorderOptions } from './testing/fakes.ts'

let nextName = 0

function setUp(options: ReplayOptions = {}, fake: FakeRecorderOptions & { path?: string } = {}) {
  const host = createTestHost(fake.path)
  const amplitude = createFakeAmplitude({ initialised: true })
  const recorder = createFakeRecorder({ name: `plugin-${nextName++}`, ...fake })
  const events: ReplayLifecycleEvent[] = []
  const controller = createController(
    { amplitude, onEvent: (event) => events.push(event), ...options },
    recorder.build,
    host,
  )
  return {
    host,
    amplitude,
    recorder,
    controller,
    events,
    codes: () => recorder.errors.map(({ code }) => code),
  }
}

async function recording(options: ReplayOptions = {}, fake: FakeRecorderOptions & { path?: string } = {}) {
  const world = setUp(options, fake)
  const stop = world.controller.start()
  await world.controller.whenIdle()
  return { ...world, stop }
}

const kinds = (controller: ReplayController) => controller.getSnapshot().reasons.map(({ kind }) => kind)

describe('start and stop', () => {
  it('does nothing before start', async () => {
    const { controller, recorder, amplitude } = setUp()
    await controller.whenIdle()
    expect(controller.getSnapshot()).toBe(controller.getServerSnapshot())
    expect(recorder.log).toEqual([])
    expect(amplitude.calls).toEqual([])
    expect(controller.explain().sentence).toBe('not recorded: not started')
  })

  it('records after start and says so', async () => {
    const { controller, recorder } = setUp()
    controller.start()
    expect(controller.getSnapshot().status).toBe('starting')
    const snapshot = await controller.whenIdle()
    expect(snapshot).toMatchObject({ status: 'recording', isRecording: true, attachment: 'attached' })
    expect(recorder.log).toEqual(['setup', 'open'])
    expect(controller.explain()).toMatchObject({ recording: true, sentence: 'recorded as fake-device/1' })
  })

  it('is started as often as it was, and outlives a remount', async () => {
    const { controller, recorder, amplitude, host, stop } = await recording()
    const second = controller.start()
    stop()
    stop()
    host.advance(1000)
    expect(recorder.live).toBe(1)
    second()
    host.advance(49)
    const third = controller.start()
    host.advance(1000)
    expect(recorder.live).toBe(1)
    expect(amplitude.calls).toEqual(['add'])
    third()
    host.advance(50)
    expect(recorder.live).toBe(0)
    expect((await controller.whenIdle()).status).toBe('idle')
    expect(amplitude.calls).toEqual(['add', 'remove'])
    expect(host.url).toBeNull()
    expect(host.page).toBeNull()
  })

  it('is inert without a document', async () => {
    const { controller, host, recorder } = setUp({ routes: { deny: '/**' } })
    host.documentless = true
    controller.start()()
    expect(controller.pause()).toBe(controller.getServerSnapshot())
    expect(controller.hold('component').released).toBe(true)
    expect(controller.navigation.evaluate('/x').allowed).toBe(false)
    controller.navigation.committed()
    controller.privacyChanged()
    controller.checkpoint()
    await controller.flush()
    await controller.dispose()
    expect(controller.getSnapshot()).toBe(controller.getServerSnapshot())
    expect(recorder.log).toEqual([])
    expect(host.timers).toBe(0)
  })

  it('ends for good when disposed, twice or while it starts', async () => {
    const { controller, recorder, amplitude } = setUp()
    controller.start()
    await Promise.all([controller.dispose(), controller.dispose()])
    expect(recorder.live).toBe(0)
    expect(controller.getSnapshot().status).toBe('disposed')
    controller.start()
    controller.resume()
    expect((await controller.whenIdle()).status).toBe('disposed')
    expect(amplitude.plugin(controller.plugin.name)).toBeUndefined()
  })
})

describe('reasons to pause', () => {
  it('closes the gate before pause returns, and removes the plugin later', async () => {
    const { controller, recorder, amplitude } = await recording()
    const paused = controller.pause('asked by the user')
    expect(recorder.live).toBe(0)
    expect(paused).toMatchObject({
      status: 'paused',
      epoch: 1,
      reasons: [{ kind: 'manual', detail: 'asked by the user', count: 1 }],
    })
    expect(controller.explain().sentence).toBe('not recorded: paused by manual (asked by the user)')
    await controller.whenIdle()
    expect(amplitude.calls).toEqual(['add', 'remove'])
    controller.resume()
    expect((await controller.whenIdle()).status).toBe('recording')
    expect(amplitude.calls).toEqual(['add', 'remove', 'add'])
  })

  it('tells the recorder when the reasons change, as long as it is started', async () => {
    const { controller, recorder, stop, host } = await recording()
    controller.pause('by hand')
    const release = controller.hold('component', { settle: false })
    expect(recorder.reasons.map(({ kind }) => kind)).toEqual(['manual', 'component'])
    controller.resume()
    expect(recorder.reasons.map(({ kind }) => kind)).toEqual(['component'])
    stop()
    host.advance(50)
    expect(recorder.reasons).toEqual([])
    release()
    controller.pause()
    expect(recorder.reasons).toEqual([])
    expect(recorder.log.filter((entry) => entry === 'close')).toHaveLength(4)
  })

  it('costs the Browser SDK nothing to pause and resume in one go', async () => {
    const { controller, recorder, amplitude } = await recording()
    controller.pause()
    controller.resume()
    await controller.whenIdle()
    expect(amplitude.calls).toEqual(['add'])
    expect(recorder.log).toEqual(['setup', 'open', 'close', 'open'])
  })

  it('needs one resume for two pauses', async () => {
    const { controller } = await recording()
    controller.pause('a')
    expect(controller.pause('b').reasons).toEqual([{ kind: 'manual', detail: 'b', count: 1 }])
    expect(controller.resume().reasons).toEqual([])
  })

  it('cannot be resumed while a component holds', async () => {
    const { controller, recorder } = await recording()
    const release = controller.hold('component', { detail: 'card', settle: false })
    const other = controller.hold('component', { detail: 'card', settle: false })
    expect(controller.resume().reasons).toEqual([{ kind: 'component', detail: 'card', count: 2 }])
    release()
    release()
    expect(release.released).toBe(true)
    expect(kinds(controller)).toEqual(['component'])
    other()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })

  it('keeps nothing of a hundred thousand holds', async () => {
    const { controller } = await recording()
    // With one held throughout the gate has nothing to do.
    const first = controller.hold('component', { settle: false })
    for (let i = 0; i < 100_000; i++) controller.hold('component', { detail: `n${i % 7}`, settle: false })()
    first()
    expect(controller.getSnapshot().reasons).toEqual([])
  }, 60_000)

  it('adds nothing before consent', async () => {
    const { controller, amplitude, recorder } = await recording({ consent: 'required' })
    expect(kinds(controller)).toEqual(['consent'])
    expect(amplitude.calls).toEqual([])
    expect(recorder.log).toEqual([])
    controller.setConsent(true)
    expect((await controller.whenIdle()).status).toBe('recording')
    expect(recorder.log).not.toContain('forget')
    controller.setConsent(false)
    expect(recorder.live).toBe(0)
    // Whoever withdraws it wants nothing sent of what was recorded.
    expect(recorder.log.at(-1)).toBe('forget')
    controller.setConsent(false)
    expect(recorder.log.filter((entry) => entry === 'forget')).toHaveLength(1)
  })

  it('forgets what earlier pages left when the answer on this one is no', async () => {
    const { controller, recorder } = await recording({ consent: 'required' })
    controller.setConsent(false)
    expect(recorder.log).toEqual(['forget'])
  })

  it('follows the opt-out of analytics and hears of the opt-in', async () => {
    const { controller, amplitude, recorder } = await recording()
    amplitude.setOptOut(true)
    expect(recorder.live).toBe(0)
    expect(kinds(controller)).toEqual(['opt-out'])
    await controller.whenIdle()
    amplitude.setOptOut(false)
    expect(recorder.live).toBe(1)
  })

  it('pauses hidden tabs when asked, without leaving the Browser SDK', async () => {
    const { controller, host, amplitude, recorder } = await recording({ pauseWhenHidden: true })
    host.hidden = true
    host.page?.onVisibility()
    expect(recorder.live).toBe(0)
    host.hidden = false
    host.page?.onVisibility()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
    expect(amplitude.calls).toEqual(['add'])
  })

  it('waits for a prerendered page to be visited', async () => {
    const world = setUp()
    world.host.prerendering = true
    world.controller.start()
    await world.controller.whenIdle()
    expect(kinds(world.controller)).toEqual(['prerender'])
    expect(world.amplitude.calls).toEqual([])
    world.host.page?.onActivate()
    expect((await world.controller.whenIdle()).status).toBe('recording')
  })
})

describe('listeners', () => {
  it('are called once per burst, after the call that changed something', async () => {
    const { controller } = await recording()
    let calls = 0
    const unsubscribe = controller.subscribe(() => calls++)
    controller.pause()
    controller.hold('component', { settle: false })
    expect(calls).toBe(0)
    await Promise.resolve()
    expect(calls).toBe(1)
    unsubscribe()
    controller.resume()
    await controller.whenIdle()
    expect(calls).toBe(1)
  })

  it('are not called when nothing has changed, and the snapshot stays the same object', async () => {
    const { controller } = await recording()
    const before = controller.getSnapshot()
    let calls = 0
    controller.subscribe(() => calls++)
    controller.resume()
    controller.navigation.evaluate()
    controller.pause()
    controller.resume()
    await controller.whenIdle()
    await Promise.resolve()
    expect(controller.getSnapshot()).not.toBe(before)
    expect(controller.getSnapshot().epoch).toBe(before.epoch + 1)
    const now = controller.getSnapshot()
    controller.resume()
    expect(controller.getSnapshot()).toBe(now)
    expect(Object.isFrozen(now)).toBe(true)
    expect(calls).toBe(1)
  })

  it('that throw are reported and disturb nobody', async () => {
    const { controller, codes } = await recording()
    let heard = 0
    controller.subscribe(() => {
      throw new Error('mine')
    })
    controller.subscribe(() => heard++)
    controller.pause()
    await Promise.resolve()
    expect(heard).toBe(1)
    expect(codes()).toEqual(['INTERNAL'])
  })

  it('hear of gate, attachment and route in order', async () => {
    const { controller, events } = await recording()
    controller.pause()
    await controller.whenIdle()
    await Promise.resolve()
    expect(
      events.map((event) =>
        event.type === 'gate' ? `gate ${event.open}` : event.type === 'attachment' ? event.value : event.type,
      ),
    ).toEqual(['route', 'adding', 'gate true', 'attached', 'gate false', 'removing', 'detached'])
  })
})

describe('routes', () => {
  const routes = { deny: '/secret/**', rules: [{ match: '/me', mask: 'conservative' as const }] }

  it('adds nothing on a page that was loaded on a denied address', async () => {
    const { controller, amplitude, recorder } = await recording({ routes }, { path: '/secret/a' })
    expect(controller.getSnapshot()).toMatchObject({
      status: 'paused',
      reasons: [{ kind: 'route', detail: '/secret/**' }],
    })
    expect(amplitude.calls).toEqual([])
    expect(recorder.log).toEqual([])
  })

  it('closes inside the call that writes a denied address, and opens when the page has settled', async () => {
    const { controller, host, recorder, amplitude } = await recording({ routes })
    host.go('/secret')
    expect(recorder.live).toBe(0)
    expect(recorder.reasons).toEqual([{ kind: 'route', detail: '/secret/**', count: 1 }])
    await controller.flush()
    host.go('/')
    expect(controller.getSnapshot().status).toBe('settling')
    expect(host.settling?.byUrl).toBe(true)
    await new Promise((resolve) => setImmediate(resolve))
    expect(recorder.live).toBe(0)
    host.finishSettling()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
    expect(amplitude.calls).toEqual(['add', 'remove', 'add'])
  })

  it('cancels settling when the address is denied again, without a moment of recording', async () => {
    const { controller, host, recorder } = await recording({ routes })
    host.go('/secret')
    await new Promise((resolve) => setImmediate(resolve))
    host.go('/')
    await new Promise((resolve) => setImmediate(resolve))
    host.go('/secret/b')
    expect(host.settling).toBeNull()
    await controller.whenIdle()
    expect(recorder.log.filter((entry) => entry === 'open')).toHaveLength(1)
    expect(recorder.live).toBe(0)
  })

  it('stays closed when the user opts out while the restricted screen leaves', async () => {
    const { controller, host, recorder, amplitude } = await recording({ routes })
    // The plugin must be in the SDK to hear of it: the address is left before it is taken out.
    host.go('/secret')
    host.go('/')
    expect(controller.getSnapshot().status).toBe('settling')
    amplitude.setOptOut(true)
    host.finishSettling()
    await controller.whenIdle()
    expect(recorder.live).toBe(0)
    expect(kinds(controller)).toEqual(['opt-out'])
    amplitude.setOptOut(false)
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })

  it('stays closed when an opt-in comes before the restricted screen has left', async () => {
    const { controller, host, recorder, amplitude } = await recording({ routes })
    host.go('/secret')
    host.go('/')
    amplitude.setOptOut(true)
    amplitude.setOptOut(false)
    expect(controller.getSnapshot().status).toBe('settling')
    expect(recorder.live).toBe(0)
    host.finishSettling()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })

  it('does not open for an allowed address that is only announced', async () => {
    const { controller, host, recorder } = await recording({ routes })
    expect(controller.navigation.evaluate('/secret').allowed).toBe(false)
    expect(recorder.live).toBe(0)
    controller.navigation.evaluate()
    host.finishSettling()
    host.go('/secret')
    expect(controller.navigation.evaluate('/').allowed).toBe(true)
    expect(kinds(controller)).toEqual(['route'])
  })

  it('closes before a history call where no browser event comes in time', async () => {
    const { host, recorder } = await recording({ routes })
    host.url?.onBefore?.('https://shop.example/secret')
    expect(recorder.live).toBe(0)
    host.url?.onChange('https://shop.example/', 'url')
    host.finishSettling()
    await new Promise((resolve) => setImmediate(resolve))
    expect(recorder.live).toBe(1)
  })

  it('passes the hint of a router on to settling', async () => {
    const { controller, host } = await recording({ routes })
    host.go('/secret')
    host.go('/')
    controller.navigation.committed()
    expect(host.settling?.hints).toBe(1)
  })

  it('tightens the mask level at once and loosens it when the page has settled', async () => {
    const { controller, host, recorder } = await recording({ routes })
    host.go('/me')
    expect(recorder.log.slice(2)).toEqual(['close', 'mask:conservative'])
    host.advance(0)
    expect(recorder.live).toBe(1)
    host.go('/')
    expect(recorder.live).toBe(1)
    expect(controller.getSnapshot().maskLevel).toBe('conservative')
    host.finishSettling()
    expect(recorder.log.slice(5)).toEqual(['close', 'mask:null'])
    host.advance(0)
    expect(recorder.live).toBe(1)
  })

  it('binds nobody who records after its end, and asks for the same again when it starts anew', async () => {
    const { controller, recorder, stop, host } = await recording(
      { routes: { rules: [{ match: '/me', mask: 'conservative', sampleRate: 0.1 }] } },
      { path: '/me' },
    )
    expect(recorder.log.slice(0, 2)).toEqual(['rate:0.1', 'mask:conservative'])
    stop()
    host.advance(50)
    expect(recorder.log.slice(-4)).toEqual(['close', 'mask:null', 'rate:null', 'close'])
    expect(recorder.reasons).toEqual([])
    controller.start()
    expect(recorder.log.slice(-3)).toEqual(['rate:0.1', 'mask:conservative', 'open'])
  })

  it('lets the level that was set by hand only tighten', async () => {
    const { controller, host, recorder } = await recording({ routes }, { path: '/me' })
    controller.setMaskLevel('light')
    expect(recorder.recorder.maskLevel()).toBe('conservative')
    host.go('/')
    host.finishSettling()
    expect(recorder.recorder.maskLevel()).toBe('light')
    controller.setMaskLevel('conservative')
    expect(recorder.recorder.maskLevel()).toBe('conservative')
    controller.setMaskLevel(null)
    expect(recorder.recorder.maskLevel()).toBe('medium')
  })

  it('applies new rules to the page on show', async () => {
    const { controller, host, recorder } = await recording()
    controller.navigation.setRoutes({ deny: '/**' })
    expect(recorder.live).toBe(0)
    controller.navigation.setRoutes({})
    expect(host.settling?.byUrl).toBe(false)
    host.finishSettling()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })

  it('joins what routes say about themselves, and waits for the screen to leave', async () => {
    const { controller, host, recorder } = await recording()
    let meta: ReplayRouteMeta | null = null
    const end = controller.navigation.addMeta(() => meta)
    expect(recorder.live).toBe(1)
    meta = 'deny'
    expect(controller.navigation.evaluate().allowed).toBe(false)
    expect(recorder.live).toBe(0)
    meta = { mask: 'conservative' }
    controller.navigation.evaluate()
    expect(controller.getSnapshot().status).toBe('settling')
    host.finishSettling()
    host.advance(0)
    await controller.whenIdle()
    expect(recorder.recorder.maskLevel()).toBe('conservative')
    end()
    expect(recorder.recorder.maskLevel()).toBe('conservative')
    host.finishSettling()
    host.advance(0)
    expect(recorder.recorder.maskLevel()).toBe('medium')
    expect((await controller.whenIdle()).status).toBe('recording')
  })

  it.each([
    ['a misspelt word', 'denied'],
    ['a misspelt level', { mask: 'strict' }],
    ['of another form', ['deny']],
    ['nothing at all', undefined],
  ])('denies what a route says when it is %s', async (_, meta) => {
    const { controller, recorder } = await recording()
    const end = controller.navigation.addMeta(() => meta as ReplayRouteMeta)
    expect(controller.getSnapshot().route).toMatchObject({ allowed: false, matched: 'route metadata' })
    expect(recorder.live).toBe(0)
    end()
    controller.navigation.addMeta(() => ({}))
    expect(controller.getSnapshot().route).toMatchObject({ allowed: true })
  })

  it('knows of no harmless node when a route speaks up before anything was recorded', async () => {
    const { controller, host } = setUp()
    controller.start()
    let meta: ReplayRouteMeta | null = 'deny'
    controller.navigation.addMeta(() => meta)
    meta = null
    host.go('/next')
    expect(host.settling).toMatchObject({ seen: null, byUrl: true })
  })

  it('denies while a reader of route metadata throws', async () => {
    const { controller, recorder, codes } = await recording()
    controller.navigation.addMeta(() => {
      throw new Error('no route')
    })
    expect(recorder.live).toBe(0)
    expect(codes()).toEqual(['INTERNAL'])
  })

  describe('with a router that tells what it renders', () => {
    const routed = async (path?: string) => {
      const world = await recording({ routes }, { path })
      let rendered: string | null = path ?? '/'
      const end = world.controller.navigation.addRendered(() => rendered)
      const render = (href: string | null, source?: NavigationSource): void => {
        rendered = href
        world.controller.navigation.evaluate(undefined, source)
      }
      return { ...world, render, end }
    }

    it('keeps what is said about the page on show while the next one is loaded', async () => {
      const { controller, host, recorder, render } = await routed()
      host.go('/secret')
      render('/secret')
      host.go('/')
      expect(kinds(controller)).toEqual(['route'])
      expect(host.settling).toBeNull()
      // The loader sends elsewhere.
      host.go('/elsewhere')
      expect(kinds(controller)).toEqual(['route'])
      expect(controller.getSnapshot().route).toMatchObject({ allowed: false, path: '/secret' })
      render('/elsewhere')
      expect(kinds(controller)).toEqual([])
      expect(host.settling).toMatchObject({ byUrl: true })
      host.finishSettling()
      await controller.whenIdle()
      expect(recorder.live).toBe(1)
    })

    it('goes on where the next page never comes', async () => {
      const { controller, host, render } = await routed()
      host.go('/secret')
      render('/secret')
      host.go('/')
      host.go('/secret')
      expect(kinds(controller)).toEqual(['route'])
      host.go('/')
      render('/')
      expect(kinds(controller)).toEqual([])
    })

    it('does not close for a page that has yet to be rendered anew', async () => {
      const { host, recorder, render } = await routed()
      host.go('/list')
      expect(recorder.live).toBe(1)
      render('/list')
      render(null)
      expect(recorder.live).toBe(1)
    })

    it('keeps the mask level, too', async () => {
      const { controller, host, recorder, render } = await routed('/me')
      host.go('/')
      expect(controller.getSnapshot().status).toBe('recording')
      expect(host.settling).toBeNull()
      render('/')
      host.finishSettling()
      expect(recorder.recorder.maskLevel()).toBe('medium')
    })

    it.each([
      ['before the document changes', undefined, { byUrl: true, replaced: false }],
      ['in the turn in which it does', 'replaced', { byUrl: false, replaced: true }],
    ] as const)('is told of another page %s', async (_when, source, expected) => {
      const { host, render } = await routed('/secret')
      host.go('/')
      render('/', source)
      expect(host.settling).toMatchObject(expected)
    })

    it('forgets it with the router', async () => {
      const { controller, host, render, end } = await routed()
      host.go('/secret')
      render('/secret')
      host.go('/')
      end()
      expect(kinds(controller)).toEqual([])
    })

    it('denies while the router throws', async () => {
      const { controller, recorder, codes } = await recording()
      controller.navigation.addRendered(() => {
        throw new Error('no route')
      })
      expect(recorder.live).toBe(0)
      expect(codes()).toEqual(['INTERNAL'])
    })
  })

  it('goes on watching a restricted screen that is still there when it starts again', async () => {
    const { controller, host, stop } = await recording({ routes })
    host.go('/secret')
    expect(host.watching).toBe(true)
    stop()
    host.advance(50)
    expect(host.watching).toBe(false)
    controller.start()
    expect(host.watching).toBe(true)
    host.go('/')
    host.finishSettling()
    expect(host.watching).toBe(false)
    expect((await controller.whenIdle()).status).toBe('recording')
  })

  it('goes on watching a restricted screen when another controller hands over', async () => {
    const name = `shared-${nextName++}`
    const first = await recording({}, { name })
    const second = await recording({ routes }, { name })
    second.host.go('/secret')
    await first.controller.dispose()
    await expect.poll(() => second.controller.getSnapshot().reasons).toMatchObject([{ kind: 'route' }])
    expect(second.host.watching).toBe(true)
  })

  it('drops what is unsent and recent when a route or component pauses', async () => {
    const { host, controller, recorder } = await recording({ routes, discardRecentMs: 200 })
    controller.pause()
    controller.resume()
    expect(recorder.log).not.toContain('discard:200')
    host.go('/secret')
    expect(recorder.log).toContain('discard:200')
  })

  it('drops it also where recording was paused a moment before', async () => {
    const { host, controller, recorder } = await recording({ routes, discardRecentMs: 200 })
    controller.pause()
    expect(recorder.log).not.toContain('discard:200')
    host.go('/secret')
    expect(recorder.log).toContain('discard:200')
  })

  it('drops what is recent once recording has stopped, when more is to be hidden', async () => {
    const { controller, recorder } = await recording({ discardRecentMs: 200 })
    controller.privacyChanged()
    expect(recorder.log.slice(-2)).toEqual(['close', 'discard:200'])
  })

  it('records nothing when a rule cannot be compiled', async () => {
    const { controller, codes, amplitude } = await recording({ routes: { deny: '' } })
    expect(kinds(controller)).toEqual(['route'])
    expect(codes()).toEqual(['BAD_PATTERN'])
    expect(amplitude.calls).toEqual([])
  })
})

describe('components', () => {
  it('settle after they are gone, unless told otherwise', async () => {
    const { controller, host, recorder } = await recording()
    const release = controller.hold('component')
    release()
    expect(controller.getSnapshot().status).toBe('settling')
    expect(host.settling?.byUrl).toBe(false)
    expect(recorder.live).toBe(0)
    host.finishSettling()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })

  it('may be replaced in the turn of their release, but not in the turn of their hold', async () => {
    const { controller, host } = await recording()
    controller.hold('component', { settle: 'replaced' })()
    expect(host.settling?.replaced).toBe(false)
    const release = controller.hold('component', { settle: 'replaced' })
    const other = controller.hold('component')
    await Promise.resolve()
    other()
    expect(host.settling).toBeNull()
    release()
    expect(host.settling).toMatchObject({ byUrl: false, replaced: true })
    const plain = controller.hold('component')
    await Promise.resolve()
    plain()
    expect(host.settling?.replaced).toBe(false)
  })

  it('hold before start, and are settled when they go after it', async () => {
    const { controller, host, recorder } = setUp()
    const release = controller.hold('component')
    controller.start()
    await controller.whenIdle()
    expect(recorder.log).toEqual([])
    release()
    expect(controller.getSnapshot().status).toBe('settling')
    host.finishSettling()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })
})

describe('markers switched while recording', () => {
  const element = (matches: boolean) => ({ matches: () => matches }) as unknown as Element

  it('close the gate at once when they hide, and record anew in the next task', async () => {
    const { controller, host, recorder } = await recording()
    controller.privacyChanged(element(true))
    expect(recorder.live).toBe(0)
    host.advance(0)
    expect(recorder.live).toBe(1)
    expect(recorder.log.slice(2)).toEqual(['close', 'open'])
  })

  it('ask for a snapshot when they show', async () => {
    const { controller, recorder } = await recording()
    controller.privacyChanged(element(false))
    expect(recorder.live).toBe(1)
    expect(recorder.log.slice(2)).toEqual(['checkpoint'])
  })
})

describe('options that cannot be read', () => {
  const given = (options: unknown) => recording(options as ReplayOptions)

  it.each(['denied', 'Required', true, null])('ask for consent when it is %j', async (consent) => {
    const { controller, recorder, codes } = await given({ consent })
    expect(kinds(controller)).toEqual(['consent'])
    expect(recorder.log).toEqual([])
    expect(codes()).toEqual(['BAD_OPTION'])
    controller.setConsent(true)
    expect((await controller.whenIdle()).status).toBe('recording')
  })

  it('ask for consent when they are no object at all', () => {
    const recorder = createFakeRecorder({ name: `plugin-${nextName++}` })
    const host = createTestHost()
    const controller = createController('API_KEY' as ReplayOptions, recorder.build, host)
    controller.start()
    expect(kinds(controller)).toEqual(['consent'])
    expect(recorder.errors.map(({ code }) => code)).toEqual(['BAD_OPTION'])
  })

  it('are told with name, value and remedy when recording is to start', async () => {
    const options = {
      consent: 'denied',
      pauseWhenHidden: 'yes',
      settle: { quietMs: -1, maxWaitMs: '2s', leftovers: 'stay', quiet: 9 },
      onEvent: 'log',
    }
    const { controller, recorder } = setUp(options as unknown as ReplayOptions)
    expect(recorder.errors).toEqual([])
    controller.start()()
    controller.start()
    expect(recorder.errors.map(({ message }) => message)).toEqual(
      [
        'option "consent" must be one of "granted", "required", got "denied"; "required" is used.',
        'option "pauseWhenHidden" must be true or false, got "yes"; true is used.',
        'there is no option "quiet" in "settle" (did you mean "quietMs"?); it is ignored.',
        'option "settle.quietMs" must be a number from 0 to 60000, got -1; 0 is used.',
        'option "settle.maxWaitMs" must be a number from 0 to 3600000, got "2s"; 1500 is used.',
        'option "settle.leftovers" must be one of "block", "stay-paused", got "stay"; "stay-paused" is used.',
        'option "onEvent" must be a function, got "log"; it is ignored.',
      ].map((text) => `Session Replay: ${text}`),
    )
  })

  it('are not set when they are null, as JSON says it', async () => {
    const settle = { quietMs: null, maxWaitMs: null, leftovers: null }
    const options = { routes: { deny: '/secret' }, pauseWhenHidden: null, settle, onEvent: null }
    const { controller, host, codes } = await given(options)
    host.hidden = true
    host.page?.onVisibility()
    expect(kinds(controller)).toEqual([])
    host.go('/secret')
    host.go('/')
    expect(host.settling?.options).toEqual({ quietMs: 80, maxWaitMs: 1500, leftovers: 'block' })
    expect(codes()).toEqual([])
  })

  it('wait with what is used instead', async () => {
    const settle = { quietMs: '9', maxWaitMs: Number.POSITIVE_INFINITY }
    const { host } = await given({ routes: { deny: '/secret' }, settle })
    host.go('/secret')
    host.go('/')
    expect(host.settling?.options).toEqual({ quietMs: 80, maxWaitMs: 3_600_000, leftovers: 'block' })
  })

  it('forbid every page when the rules are what they should not be', async () => {
    const { controller, codes } = await given({ routes: { denied: '/secret' } })
    expect(controller.getSnapshot().reasons).toMatchObject([{ kind: 'route', detail: 'invalid routes' }])
    expect(codes()).toEqual(['BAD_OPTION'])
    controller.navigation.setRoutes(null as never)
    expect(kinds(controller)).toEqual([])
    controller.navigation.setRoutes({ default: 'Pause' as 'pause' })
    expect(kinds(controller)).toEqual(['route'])
  })

  it('take nothing but true for a consent that is given later', async () => {
    const { controller, codes } = await given({ consent: 'required' })
    controller.setConsent('denied' as unknown as boolean)
    expect(kinds(controller)).toEqual(['consent'])
    expect(codes()).toEqual(['BAD_OPTION'])
  })
})

describe('trouble', () => {
  it('is unavailable without a client, and can be tried again', async () => {
    let client: AmplitudeLike | null = null
    const { controller, codes, recorder } = await recording({ amplitude: () => client })
    expect(controller.getSnapshot().status).toBe('unavailable')
    expect(codes()).toEqual(['ANALYTICS_MISSING'])
    expect(controller.explain().sentence).toContain('Pass `amplitude` or `apiKey`')
    client = createFakeAmplitude({ initialised: true })
    expect((await controller.retry()).status).toBe('recording')
    expect(recorder.live).toBe(1)
  })

  it('is unavailable when the client cannot be found', async () => {
    const { controller } = await recording({
      amplitude: () => Promise.reject(new Error('blocked')),
    })
    expect(controller.getSnapshot()).toMatchObject({
      status: 'unavailable',
      error: { code: 'ANALYTICS_MISSING' },
    })
  })

  it('fails when the set-up fails, and retry removes and adds', async () => {
    const fake: FakeRecorderOptions = { setup: 'reject' }
    const { controller, amplitude, codes } = await recording({}, fake)
    expect(controller.getSnapshot()).toMatchObject({ status: 'failed', isRecording: false })
    expect(codes()).toEqual(['SETUP_FAILED'])
    await controller.retry()
    expect(amplitude.calls).toEqual(['add', 'remove', 'add'])
    expect(controller.getSnapshot().status).toBe('failed')
  })

  it('fails when add throws', async () => {
    const amplitude: AmplitudeLike = {
      add: () => {
        throw new Error('frozen')
      },
      remove: () => ({ promise: Promise.resolve() }),
    }
    const { controller, codes } = await recording({ amplitude })
    expect(controller.getSnapshot().status).toBe('failed')
    expect(codes()).toEqual(['SETUP_FAILED'])
  })

  it('fails when recording cannot begin', async () => {
    const { controller, recorder, codes } = setUp()
    recorder.recorder.open = () => {
      throw new Error('no')
    }
    controller.start()
    expect((await controller.whenIdle()).status).toBe('failed')
    expect(codes()).toEqual(['CAPTURE_FAILED'])
  })

  it('says after ten seconds that init is missing, and goes on waiting', async () => {
    const amplitude = createFakeAmplitude()
    const { controller, host, codes, recorder } = setUp({ amplitude })
    controller.start()
    await new Promise((resolve) => setImmediate(resolve))
    host.advance(10_000)
    expect(codes()).toEqual(['SETUP_PENDING'])
    expect(controller.getSnapshot().status).toBe('starting')
    amplitude.init()
    expect((await controller.whenIdle()).status).toBe('recording')
    expect(recorder.live).toBe(1)
  })

  it('starts nothing when the wish is gone before init', async () => {
    const amplitude = createFakeAmplitude()
    const { controller, recorder } = setUp({ amplitude })
    controller.start()
    await new Promise((resolve) => setImmediate(resolve))
    controller.pause()
    await controller.whenIdle()
    await amplitude.init().promise
    await controller.whenIdle()
    expect(recorder.log).toEqual([])
    expect(amplitude.plugin(controller.plugin.name)).toBeUndefined()
  })

  it('stays paused when others remove the plugin, and goes on when they add it', async () => {
    const { controller, amplitude, recorder, codes } = await recording()
    const removal = amplitude.remove(controller.plugin.name)
    expect(recorder.live).toBe(0)
    await removal.promise
    expect(controller.getSnapshot()).toMatchObject({
      status: 'paused',
      reasons: [{ kind: 'external' }],
      attachment: 'detached',
      error: { code: 'EXTERNAL_DETACH' },
    })
    expect(codes()).toEqual(['EXTERNAL_DETACH'])
    await amplitude.add(controller.plugin).promise
    expect(await controller.whenIdle()).toMatchObject({ status: 'recording', error: null })
    expect(recorder.live).toBe(1)
  })

  it('comes back by retry after the client was initialised again', async () => {
    const { controller, amplitude, recorder } = await recording()
    await amplitude.init().promise
    expect(recorder.live).toBe(0)
    expect((await controller.retry()).status).toBe('recording')
    expect(recorder.live).toBe(1)
  })

  it('says when the session is not selected', async () => {
    const { controller, recorder } = setUp()
    recorder.exclude(true)
    controller.start()
    expect(await controller.whenIdle()).toMatchObject({ status: 'unsampled', isRecording: false })
  })
})

describe('back/forward cache', () => {
  it('does not open between page hide and page show, and takes a snapshot after it', async () => {
    const { host, recorder } = await recording({ pauseWhenHidden: true })
    host.hidden = true
    host.page?.onVisibility()
    host.page?.onHide()
    host.hidden = false
    host.page?.onVisibility()
    expect(recorder.live).toBe(0)
    host.url?.onChange(host.href(), 'restore')
    expect(recorder.live).toBe(1)
    host.page?.onHide()
    host.url?.onChange(host.href(), 'restore')
    expect(recorder.log).toContain('checkpoint')
  })
})

describe('a page that stays though it was said to be left', () => {
  it('is recorded again after a while, and at once when it starts anew', async () => {
    const { controller, host, recorder, stop } = await recording()
    host.page?.onHide()
    controller.pause()
    controller.resume()
    expect(recorder.live).toBe(0)
    host.advance(1000)
    host.page?.onHide()
    host.advance(1999)
    expect(recorder.live).toBe(0)
    host.advance(1)
    expect(recorder.live).toBe(1)
    host.page?.onHide()
    stop()
    host.advance(50)
    expect(host.timers).toBe(0)
    controller.start()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })
})

describe('two controllers on one page', () => {
  it('record once, and both can pause', async () => {
    const name = `shared-${nextName++}`
    const first = await recording({}, { name })
    const second = await recording({ routes: { deny: '/secret' } }, { name })
    expect(second.codes()).toEqual(['DUPLICATE_CONTROLLER'])
    expect(second.amplitude.calls).toEqual([])
    expect(second.controller.getSnapshot()).toBe(first.controller.getSnapshot())
    second.host.go('/secret')
    expect(first.recorder.live).toBe(0)
    second.host.go('/')
    second.host.finishSettling()
    first.host.finishSettling()
    await first.controller.whenIdle()
    expect(first.recorder.live).toBe(1)
  })

  it('hand over when the first is gone and the second has options of its own', async () => {
    const name = `shared-${nextName++}`
    const first = await recording({}, { name })
    const rules = [{ match: '/**', mask: 'conservative' as const }]
    const second = setUp({ amplitude: first.amplitude, routes: { rules } }, { name })
    second.controller.start()
    first.host.advance(0)
    expect(first.recorder.recorder.maskLevel()).toBe('conservative')
    expect(second.recorder.log).toEqual([])
    first.stop()
    expect(first.recorder.live).toBe(1)
    first.host.advance(60)
    expect(first.recorder.live).toBe(0)
    await expect.poll(() => second.recorder.live).toBe(1)
    expect(second.controller.getSnapshot()).toMatchObject({ status: 'recording', maskLevel: 'conservative' })
    expect(second.recorder.log.slice(0, 3)).toEqual(['mask:conservative', 'setup', 'open'])
    expect(first.amplitude.calls).toEqual(['add', 'remove', 'add'])
  })

  it('hand over when the first is disposed', async () => {
    const name = `shared-${nextName++}`
    const first = await recording({}, { name })
    const second = await recording({ amplitude: first.amplitude }, { name })
    await first.controller.dispose()
    await expect.poll(() => second.recorder.live).toBe(1)
    expect(first.recorder.live).toBe(0)
  })

  it('hand over before the Browser SDK is initialised', async () => {
    const name = `shared-${nextName++}`
    const amplitude = createFakeAmplitude()
    const first = setUp({ amplitude }, { name })
    first.controller.start()
    await Promise.resolve()
    const second = setUp({ amplitude, sampleRate: 1 }, { name })
    await expect.poll(() => amplitude.calls).toEqual(['add'])
    void first.controller.dispose()
    second.controller.start()
    amplitude.init()
    await expect.poll(() => second.recorder.live).toBe(1)
    expect(first.recorder.log).not.toContain('setup')
    expect(amplitude.plugin(name)).toBe(second.controller.plugin)
  })

  it('hand over to one with another client though the first client is never initialised', async () => {
    const name = `shared-${nextName++}`
    const never = createFakeAmplitude()
    const first = setUp({ amplitude: never }, { name })
    first.controller.start()
    await expect.poll(() => never.calls).toEqual(['add'])
    await first.controller.dispose()
    const second = setUp({}, { name })
    second.controller.start()
    expect((await second.controller.whenIdle()).status).toBe('recording')
    // Initialised after all, it finds nobody who wants to record through it.
    await never.init().promise
    expect(never.plugin(name)).toBeUndefined()
    expect([first.recorder.live, second.recorder.live]).toEqual([0, 1])
  })

  it('hand over to a follower with another client though the first client is never initialised', async () => {
    const name = `shared-${nextName++}`
    const never = createFakeAmplitude()
    const first = setUp({ amplitude: never }, { name })
    const second = setUp({ sampleRate: 1 }, { name })
    first.controller.start()
    await expect.poll(() => never.calls).toEqual(['add'])
    second.controller.start()
    expect(second.controller.getSnapshot().status).toBe('starting')
    await first.controller.dispose()
    await expect.poll(() => second.recorder.live).toBe(1)
    expect(second.controller.getSnapshot().status).toBe('recording')
  })

  it('come and go in turns before the Browser SDK is initialised, and the last one records', async () => {
    const name = `shared-${nextName++}`
    const amplitude = createFakeAmplitude()
    const one = setUp({ amplitude }, { name })
    const two = setUp({ amplitude, sampleRate: 1 }, { name })
    for (const { controller, host } of [one, two, one, two, one]) {
      const stop = controller.start()
      await Promise.resolve()
      stop()
      host.advance(60)
    }
    one.controller.start()
    amplitude.init()
    expect((await one.controller.whenIdle()).status).toBe('recording')
    one.controller.pause()
    one.controller.resume()
    await one.controller.whenIdle()
    one.controller.pause()
    await Promise.resolve()
    one.controller.resume()
    expect((await one.controller.whenIdle()).status).toBe('recording')
    expect([one.recorder.live, two.recorder.live]).toEqual([1, 0])
  })

  it('go on without a word when hot replacement makes the same one again, time after time', async () => {
    const name = `shared-${nextName++}`
    const amplitude = createFakeAmplitude({ initialised: true })
    const options = () => ({ amplitude, routes: { deny: ['/secret', /^\/x/] }, onError: () => {} })
    const worlds = [setUp(options(), { name })]
    let stop = worlds[0]?.controller.start() ?? (() => {})
    await worlds[0]?.controller.whenIdle()
    for (let edit = 0; edit < 5; edit++) {
      const next = setUp(options(), { name })
      stop()
      stop = next.controller.start()
      for (const { host } of worlds) host.advance(60)
      worlds.push(next)
      await next.controller.whenIdle()
      expect(next.controller.getSnapshot().status).toBe('recording')
    }
    expect(amplitude.calls).toEqual(['add'])
    expect(worlds.flatMap(({ codes }) => codes())).toEqual([])
    expect(worlds.map(({ recorder }) => recorder.live)).toEqual([1, 0, 0, 0, 0, 0])
    stop()
    for (const { host } of [...worlds].reverse()) host.advance(60)
    await expect.poll(() => amplitude.calls).toEqual(['add', 'remove'])
  })

  it('keep a pause and a consent over hot replacement, and can take the pause back', async () => {
    const name = `shared-${nextName++}`
    const amplitude = createFakeAmplitude({ initialised: true })
    const options = (): ReplayOptions => ({ amplitude, consent: 'required', onError: () => {} })
    const worlds: ReturnType<typeof setUp>[] = []
    let stop = (): void => {}
    /** The edited module makes a controller with the same options. */
    const replace = async (): Promise<ReplayController> => {
      const next = setUp(options(), { name })
      stop()
      stop = next.controller.start()
      for (const { host } of worlds) host.advance(60)
      worlds.push(next)
      await next.controller.whenIdle()
      return next.controller
    }
    const first = await replace()
    expect(kinds(first)).toEqual(['consent'])
    first.setConsent(true)
    await first.whenIdle()
    expect((await replace()).getSnapshot().status).toBe('recording')
    expect((await replace()).pause('by hand').status).toBe('paused')
    const paused = await replace()
    expect(paused.getSnapshot().reasons).toEqual([{ kind: 'manual', detail: 'by hand', count: 1 }])
    expect(worlds.map(({ recorder }) => recorder.live)).toEqual([0, 0, 0, 0])
    paused.resume()
    expect((await paused.whenIdle()).status).toBe('recording')
    const last = await replace()
    expect(last.setConsent(false).status).toBe('paused')
    const heir = await replace()
    expect(heir.getSnapshot().status).toBe('paused')
    // What the one that recorded was told comes over to the one that goes on.
    heir.pause('by hand')
    await worlds[0]?.controller.dispose()
    await heir.whenIdle()
    expect(kinds(heir)).toEqual(expect.arrayContaining(['consent', 'manual']))
    heir.setConsent(true)
    heir.resume()
    expect((await heir.whenIdle()).status).toBe('recording')
    expect(worlds.filter(({ recorder }) => recorder.live > 0)).toEqual([worlds.at(-1)])
  })

  it('inherit no pause from one that has ended before they begin', async () => {
    const name = `shared-${nextName++}`
    const amplitude = createFakeAmplitude({ initialised: true })
    const options = (): ReplayOptions => ({ amplitude, onError: () => {} })
    const former = setUp(options(), { name })
    const stop = former.controller.start()
    await former.controller.whenIdle()
    former.controller.pause('by hand')
    stop()
    former.host.advance(60)
    await former.controller.whenIdle()
    const next = await recording(options(), { name })
    expect(next.controller.getSnapshot()).toMatchObject({ status: 'recording', reasons: [] })
    expect([former.recorder.live, next.recorder.live]).toEqual([0, 1])
  })

  it('hide by the level that the second one asks for, wherever the first one goes', async () => {
    const name = `shared-${nextName++}`
    const rules = [{ match: '/account', mask: 'conservative' as const }]
    const first = await recording({ routes: { rules } }, { name })
    const second = await recording({ sampleRate: 1 }, { name })
    first.host.go('/account')
    second.controller.setMaskLevel('conservative')
    first.host.go('/')
    first.host.finishSettling()
    expect(first.recorder.recorder.maskLevel()).toBe('conservative')
  })

  it('pass on what is asked of the one that does not record', async () => {
    const name = `shared-${nextName++}`
    const first = await recording({}, { name })
    const second = await recording({ sampleRate: 1 }, { name })
    await second.controller.flush()
    second.controller.checkpoint()
    second.controller.privacyChanged()
    expect(first.controller.getSnapshot().reasons).toMatchObject([{ kind: 'masking' }])
    first.host.advance(0)
    expect(first.recorder.log).toEqual(expect.arrayContaining(['flush', 'checkpoint', 'close']))
    expect(second.controller.explain()).toEqual(first.controller.explain())
    expect(second.recorder.log).toEqual([])
  })
})
