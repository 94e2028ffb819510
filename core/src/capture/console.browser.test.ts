import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLogger } from '../platform/logger.ts'
import type { Stop } from '../types.ts'
import { type ConsoleDeps, startConsoleCapture } from './console.ts'

interface Entry {
  level: string
  trace: string[]
  payload: string[]
}

const methods = ['info', 'log', 'warn', 'error'] as const
const natives = Object.fromEntries(methods.map((name) => [name, console[name]]))
const written = vi.fn()
let told: Entry[] = []
let stop: Stop = () => {}

function start(overrides: Partial<ConsoleDeps> = {}): void {
  stop = startConsoleCapture({
    levels: ['info', 'log', 'warn', 'error'],
    addPluginEvent: (plugin, payload) => {
      expect(plugin).toBe('rrweb/console@1')
      told.push(payload as Entry)
    },
    report: (error) => {
      throw error
    },
    ...overrides,
  })
}

beforeEach(() => {
  told = []
  written.mockReset()
  // Quiet, and shows what still reaches the page's console.
  for (const name of methods) console[name] = written
})

afterEach(() => {
  stop()
  Object.assign(console, natives)
})

it('records level, texts and where it was called, and lets the page write as before', () => {
  start()
  console.warn('careful', 3, { a: [true, null] })
  expect(written).toHaveBeenCalledExactlyOnceWith('careful', 3, { a: [true, null] })
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ level: 'warn', payload: ['"careful"', '3', '{"a":[true,null]}'] })
  expect(told[0]?.trace[0]).toContain('console.browser.test.ts')
  expect(told[0]?.trace.join()).not.toContain('?')
})

it('records only the levels asked for', () => {
  start({ levels: ['error'] })
  console.log('quiet')
  console.error('loud')
  expect(told.map(({ level }) => level)).toEqual(['error'])
})

it('bounds depth, keys and length, and knows cycles', () => {
  start()
  const circle: Record<string, unknown> = {}
  circle.self = circle
  console.log({ a: { b: { c: { d: { e: 1 } } } } })
  console.log(Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`key${at}`, at])))
  console.log('x'.repeat(5000))
  console.log(circle)
  const [deep, wide, long, round] = told.map(({ payload }) => JSON.parse(payload[0] as string))
  expect(deep).toEqual({ a: { b: { c: { d: '[Object]' } } } })
  expect(Object.keys(wide)).toHaveLength(50)
  expect(long).toHaveLength(2001)
  expect(round).toEqual({ self: '[Circular]' })
})

it('calls no getters and shows elements by their tag alone', () => {
  start()
  const getter = vi.fn()
  const element = document.createElement('p')
  element.textContent = 'private'
  console.log(Object.defineProperty({}, 'trap', { get: getter, enumerable: true }), element, new Error('no'))
  expect(getter).not.toHaveBeenCalled()
  expect(told[0]?.payload).toEqual(['{"trap":"[Getter]"}', '"<p>"', '"Error: no"'])
})

it('records neither its own messages nor what recording itself writes', () => {
  start({
    addPluginEvent: (_plugin, payload) => {
      console.log('from inside')
      told.push(payload as Entry)
    },
  })
  createLogger(4).warn('ours')
  const covered = console.warn
  console.warn = (...parts) => covered(...parts)
  createLogger(4).warn('ours, over a foreign wrapper')
  console.log('page')
  expect(told.map(({ payload }) => payload)).toEqual([['"page"']])
})

it('records errors that nobody caught', () => {
  start()
  window.dispatchEvent(
    new ErrorEvent('error', { message: 'Uncaught Error: broken', error: new Error('broken') }),
  )
  expect(told).toContainEqual(
    expect.objectContaining({ level: 'error', payload: ['"Uncaught Error: broken"'] }),
  )
})

it('ends after 10 000 records with one last word', () => {
  start()
  for (let i = 0; i < 10_005; i++) console.log(i)
  expect(told).toHaveLength(10_001)
  expect(told.at(-1)?.payload[0]).toContain('rest is not recorded')
})

it('restores the console on stop', () => {
  start()
  expect(console.log).not.toBe(written)
  expect((console.log as { __rrweb_original__?: unknown }).__rrweb_original__).toBe(written)
  stop()
  for (const name of methods) expect(console[name]).toBe(written)
})

it('lets a wrapper of the page stay and records nothing more', () => {
  start()
  const covered = console.log
  const wrapper = (...parts: unknown[]): void => covered('via', ...parts)
  console.log = wrapper
  stop()
  expect(console.log).toBe(wrapper)
  console.log('late')
  expect(written).toHaveBeenCalledExactlyOnceWith('via', 'late')
  expect(told).toEqual([])
})

it('tells neither what the page stores nor the lines of a message in place of calls', () => {
  start()
  localStorage.setItem('note', 'stored-word')
  console.log(localStorage, { all: window })
  window.dispatchEvent(
    new ErrorEvent('error', { message: 'failed', error: new Error('one\nsecond-line at 10:12:30') }),
  )
  localStorage.removeItem('note')
  expect(told[0]?.payload).toEqual(['"[Storage]"', '{"all":"[Window]"}'])
  const failed = told.find(({ payload }) => payload[0] === '"failed"')
  expect(failed?.trace.length).toBeGreaterThan(0)
  expect(failed?.trace.join()).not.toContain('second-line')
})
