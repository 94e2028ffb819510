import { afterEach, expect, it, vi } from 'vitest'
import { resolveOptions } from '../config/resolve-options.ts'
import type { ReplayError } from '../errors.ts'
import type { Recorder } from '../recorder/types.ts'
import { openRecorder, type RecorderRequest, releaseRecorder, sharedRecorder } from './shared-recorder.ts'

vi.mock('../recorder.ts', async (original) => {
  const { createRecorder } = await original<typeof import('../recorder.ts')>()
  return {
    createRecorder(...deps: Parameters<typeof createRecorder>) {
      const recorder = createRecorder(...deps)
      vi.spyOn(recorder, 'forgetUnsent')
      vi.spyOn(recorder, 'optOutChanged')
      return recorder
    },
  }
})

const said: ReplayError[] = []
const owners: object[] = []

afterEach(() => {
  for (const owner of owners.splice(0)) releaseRecorder(owner)
  said.length = 0
})

function request(change: Partial<RecorderRequest> = {}): RecorderRequest {
  const owner = {}
  owners.push(owner)
  return {
    owner,
    apiKey: 'KEY',
    options: resolveOptions({ sampleRate: 1 }, () => {}),
    library: { type: 'plugin', version: '1' },
    isOptedOut: () => false,
    debug() {},
    report: (error) => said.push(error),
    ...change,
  }
}

it('refuses a second owner while the first one records', () => {
  openRecorder(request())
  expect(openRecorder(request())).toBeNull()
  expect(said.map(({ code }) => code)).toEqual(['DUPLICATE_CONTROLLER'])
})

it('hands the same recorder to the next owner who asks for the same', () => {
  const first = request()
  const recorder = openRecorder(first)
  releaseRecorder(first.owner)
  expect(openRecorder(request())).toBe(recorder)
})

it('is free again when the owner who took it over releases it', () => {
  const [first, second] = [request(), request()]
  openRecorder(first)
  releaseRecorder(first.owner)
  openRecorder(second)
  releaseRecorder(second.owner)
  expect(openRecorder(request())).not.toBeNull()
  expect(said).toEqual([])
})

it('listens to an earlier owner no more', () => {
  const [first, second] = [request(), request()]
  openRecorder(first)
  releaseRecorder(first.owner)
  openRecorder(second)
  releaseRecorder(first.owner)
  expect(openRecorder(request())).toBeNull()
})

it('makes a new recorder for other options', () => {
  const first = request()
  const recorder = openRecorder(first)
  releaseRecorder(first.owner)
  const options = resolveOptions({ sampleRate: 0.5 }, () => {})
  expect(openRecorder(request({ options }))).not.toBe(recorder)
})

it('has a recorder that was replaced forget, too, until that has delivered what it had', async () => {
  const first = request()
  const replaced = openRecorder(first)
  const options = resolveOptions({ sampleRate: 0.5 }, () => {})
  openRecorder({ ...first, options })
  sharedRecorder.forgetUnsent()
  sharedRecorder.optOutChanged()
  expect(replaced?.forgetUnsent).toHaveBeenCalledOnce()
  expect(replaced?.optOutChanged).toHaveBeenCalledOnce()
  await replaced?.end()
  await Promise.resolve()
  sharedRecorder.forgetUnsent()
  expect(replaced?.forgetUnsent).toHaveBeenCalledOnce()
})

it('has what is unsent forgotten, once, if consent was withdrawn before there was a recorder', async () => {
  vi.resetModules()
  const { openRecorder, sharedRecorder } = await import('./shared-recorder.ts')
  sharedRecorder.forgetUnsent()
  expect(openRecorder(request())?.forgetUnsent).toHaveBeenCalledOnce()
  const options = resolveOptions({ sampleRate: 0.5 }, () => {})
  const owner = owners.at(-1) as object
  expect(openRecorder(request({ owner, options }))?.forgetUnsent).not.toHaveBeenCalled()
})

it('has forgotten on a later page what was left when the answer was no, and nothing else', async () => {
  const left = new Map([['session_replay_kit_unsent_KEY_tab', '1']])
  vi.stubGlobal('localStorage', {
    get length() {
      return left.size
    },
    key: (index: number) => [...left.keys()][index],
    getItem: (name: string) => left.get(name) ?? null,
    setItem: (name: string, value: string) => left.set(name, value),
  })
  const page = async () => {
    vi.resetModules()
    return import('./shared-recorder.ts')
  }
  expect((await page()).openRecorder(request())?.forgetUnsent).not.toHaveBeenCalled()
  ;(await page()).sharedRecorder.forgetUnsent()
  expect((await page()).openRecorder(request())?.forgetUnsent).toHaveBeenCalledOnce()
  vi.unstubAllGlobals()
})

it('begins anew when an option that cannot be compared is given again', () => {
  const loggerProvider = { error() {}, warn() {}, log() {}, debug() {}, disable() {}, enable() {}, self: {} }
  loggerProvider.self = loggerProvider
  const options = resolveOptions({ sampleRate: 1 }, () => {})
  const cyclic = () => ({ ...options, userProperties: { loggerProvider, of: 1n } })
  const first = request({ options: cyclic() })
  const recorder = openRecorder(first)
  const again = openRecorder({ ...first, options: cyclic() })
  expect(again).not.toBeNull()
  expect(recorder).not.toBeNull()
})

it('holds the recorder of the owner that was named, and no other', () => {
  const [held, free] = [request(), request()]
  sharedRecorder.setHolds(['not started'], held.owner)
  const holdsOf = (recorder: Recorder | null) =>
    recorder?.explain().steps.find(({ check }) => check === 'held')?.detail
  expect(holdsOf(openRecorder(held))).toContain('not started')
  releaseRecorder(held.owner)
  expect(holdsOf(openRecorder(free))).not.toContain('not started')
})
