import { afterEach, describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import type { Stop } from '../types.ts'
import {
  isOnline,
  isVisible,
  watchFreeze,
  watchOnline,
  watchPageHide,
  watchRestore,
  watchVisibility,
  whenIdle,
} from './page.ts'
import { isPrerendering, watchActivation } from './prerendering.ts'

const stops: Stop[] = []
const errors: ReplayError[] = []
const report = (error: ReplayError) => void errors.push(error)

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  errors.length = 0
})

describe('page signals', () => {
  it('know the state of a page on show', () => {
    expect([isVisible(), isPrerendering(), isOnline()]).toEqual([true, false, true])
  })

  it('are told with what they say, and not after stop', () => {
    const told: unknown[] = []
    stops.push(
      watchVisibility((visible) => told.push(['visible', visible]), report),
      watchPageHide((persisted) => told.push(['hide', persisted]), report),
      watchRestore(() => told.push('restore'), report),
      watchFreeze(() => told.push('freeze'), report),
      watchActivation(() => told.push('activation'), report),
      watchOnline(() => told.push('online'), report),
    )
    const fire = () => {
      document.dispatchEvent(new Event('visibilitychange'))
      window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
      document.dispatchEvent(new Event('freeze'))
      document.dispatchEvent(new Event('prerenderingchange'))
      window.dispatchEvent(new Event('online'))
    }
    fire()
    const all = [['visible', true], ['hide', true], 'restore', 'freeze', 'activation', 'online']
    expect(told).toEqual(all)
    for (const stop of stops) stop()
    fire()
    expect(told).toEqual(all)
  })

  it('reach us though the page stops the event', () => {
    const block = (event: Event) => event.stopImmediatePropagation()
    let told = 0
    stops.push(watchVisibility(() => told++, report))
    document.addEventListener('visibilitychange', block)
    document.dispatchEvent(new Event('visibilitychange'))
    document.removeEventListener('visibilitychange', block)
    expect(told).toBe(1)
  })

  it('report what a listener throws', () => {
    stops.push(
      watchOnline(() => {
        throw new Error('mine')
      }, report),
    )
    window.dispatchEvent(new Event('online'))
    expect(errors.map(({ code }) => code)).toEqual(['INTERNAL'])
  })

  it('run idle work once, or never after stop', async () => {
    let stopped = false
    whenIdle(
      () => {
        stopped = true
      },
      50,
      report,
    )()
    await new Promise<void>((resolve) => whenIdle(resolve, 50, report))
    await new Promise<void>((resolve) => whenIdle(resolve, 50, report))
    expect(stopped).toBe(false)
  })
})
