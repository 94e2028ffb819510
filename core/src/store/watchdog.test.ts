import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withWatchdog } from './watchdog.ts'

const silent = (): Error => new Error('silent')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('withWatchdog', () => {
  it('gives the answer and leaves no timer', async () => {
    await expect(withWatchdog(Promise.resolve(1), 1000, silent)).resolves.toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives the failure and leaves no timer', async () => {
    await expect(withWatchdog(Promise.reject(new Error('no')), 1000, silent)).rejects.toThrow('no')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends the wait at the limit, not before', async () => {
    const ended = vi.fn()
    withWatchdog(new Promise(() => {}), 1000, silent).catch(ended)
    await vi.advanceTimersByTimeAsync(999)
    expect(ended).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toHaveBeenCalledOnce()
  })

  it('does not take a long task for silence', async () => {
    vi.useRealTimers()
    const channel = new MessageChannel()
    const answer = new Promise((resolve) => {
      channel.port1.onmessage = () => resolve('answer')
    })
    const watched = withWatchdog(answer, 100, silent)
    channel.port2.postMessage('')
    for (const end = performance.now() + 200; performance.now() < end; );
    await expect(watched).resolves.toBe('answer')
    channel.port1.close()
  })
})
