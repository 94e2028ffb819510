import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { createRouteSync, readRouteReplay } from './routeReplay.ts'

afterEach(() => vi.restoreAllMocks())

describe('what a chain of routes says', () => {
  it.each([
    [[], { denied: false, mask: null }],
    [[undefined, null, {}], { denied: false, mask: null }],
    [['deny', { mask: 'light' }], { denied: true, mask: 'light' }],
    [[{ mask: 'conservative' }, { mask: 'light' }], { denied: false, mask: 'conservative' }],
  ])('%j: %j', (chain, wish) => {
    expect(readRouteReplay(chain)).toEqual(wish)
  })

  it.each(['Deny', true, 1, { mask: 'strict' }])(
    'denies what it does not understand, and says so: %j',
    (said) => {
      const error = vi.spyOn(console, 'error').mockImplementation(() => {})
      expect(readRouteReplay([said]).denied).toBe(true)
      expect(error.mock.calls.join()).toContain(`BAD_OPTION: a route has \`replay: ${JSON.stringify(said)}\``)
    },
  )
})

describe('carrying it to the controller', () => {
  const OPEN = { denied: false, mask: null }
  const DENIED = { denied: true, mask: null }
  const setUp = async () => {
    const { client, recorder } = createFakeReplay()
    const stop = client.start()
    await client.whenIdle()
    return { client, recorder, stop, sync: createRouteSync(client) }
  }
  const kinds = (client: Awaited<ReturnType<typeof setUp>>['client']) =>
    client.getSnapshot().reasons.map(({ kind }) => kind)

  it('pauses when a denied screen approaches, and ends when an allowed one replaces it', async () => {
    const { client, sync, stop } = await setUp()
    sync.approach(DENIED)
    sync.approach(OPEN)
    expect(kinds(client)).toEqual(['route'])
    sync.change(OPEN)
    expect(kinds(client)).toEqual([])
    stop()
  })

  it('tightens the mask at once, and loosens it when the strict screen has left', async () => {
    const { client, recorder, sync, stop } = await setUp()
    const masks = () => recorder.log.filter((entry) => entry.startsWith('mask:'))
    sync.approach({ denied: false, mask: 'conservative' })
    sync.approach({ denied: false, mask: 'light' })
    sync.change(OPEN)
    expect(masks()).toEqual(['mask:conservative'])
    client.navigation.committed()
    await client.whenIdle()
    expect(masks()).toEqual(['mask:conservative', 'mask:null'])
    stop()
  })

  it('leaves the level that the app has set alone', async () => {
    const { client, recorder, sync, stop } = await setUp()
    client.setMaskLevel('conservative')
    sync.change({ denied: false, mask: 'light' })
    sync.change(OPEN)
    client.navigation.committed()
    await client.whenIdle()
    expect(recorder.log.filter((entry) => entry.startsWith('mask:'))).toEqual(['mask:conservative'])
    expect(client.getSnapshot().maskLevel).toBe('conservative')
    stop()
  })

  it('holds what the rules say about the page that is rendered', async () => {
    const { client, sync, stop } = await setUp()
    client.navigation.setRoutes({ deny: '/secret' })
    sync.render('/secret')
    expect(kinds(client)).toEqual(['route'])
    sync.render('/')
    expect(kinds(client)).toEqual([])
    sync.render('/secret')
    sync.leave()
    expect(kinds(client)).toEqual([])
    stop()
  })

  it('leaves nothing behind', async () => {
    const { client, sync, stop } = await setUp()
    sync.change({ denied: true, mask: 'conservative' })
    sync.leave()
    expect(kinds(client)).not.toContain('route')
    stop()
  })
})
