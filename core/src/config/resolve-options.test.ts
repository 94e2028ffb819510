import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { resolveOptions } from './resolve-options.ts'

function resolve(options: unknown) {
  const errors: ReplayError[] = []
  return { resolved: resolveOptions(options, (error) => errors.push(error)), errors }
}

describe('resolveOptions', () => {
  it('uses the documented defaults and says nothing when no options are given', () => {
    for (const nothing of [undefined, null, {}]) {
      const { resolved, errors } = resolve(nothing)
      expect(errors).toEqual([])
      expect(resolved).toMatchObject({
        invalid: null,
        sampleRate: 0,
        privacyConfig: {},
        applyBackgroundColorToBlockedElements: false,
        debugMode: false,
        shouldInlineStylesheet: true,
        storeType: 'idb',
        performanceConfig: { enabled: true, timeout: 2000, mergeMutations: true },
        useWebWorker: false,
        forceSessionTracking: false,
        flushIntervalConfig: { minIntervalMs: 1000, maxIntervalMs: 10_000 },
        eagerFullSnapshotSend: 'first',
        captureFullSnapshotOnFocus: false,
        maxPersistedEventsSizeBytes: 2_000_000,
        maxSingleEventSizeBytes: 9_000_000,
        sendTimeoutMs: 10_000,
        ugcFilterRules: [],
        instanceName: '$default_instance',
        logLevel: 2,
      })
      expect(resolved.serverZone).toBeUndefined()
    }
  })

  it('takes every documented option at its documented type without a word', () => {
    const { resolved, errors } = resolve({
      sampleRate: 0.83,
      privacyConfig: {
        blockSelector: '.secret',
        maskSelector: ['.name'],
        unmaskSelector: ['.open'],
        defaultMaskLevel: 'light',
        maskAttributes: ['alt'],
        urlMaskLevels: [{ match: '*/pay/**', maskLevel: 'conservative' }],
      },
      applyBackgroundColorToBlockedElements: true,
      debugMode: true,
      serverZone: 'EU',
      configServerUrl: 'https://proxy.example/config',
      trackServerUrl: '/replay',
      shouldInlineStylesheet: false,
      storeType: 'memory',
      performanceConfig: {
        enabled: false,
        timeout: 500,
        mergeMutations: false,
        interaction: { threshold: 5 },
      },
      useWebWorker: true,
      forceSessionTracking: true,
      deviceId: 'device',
      sessionId: 1700000000000,
      customSessionId: () => 'a',
      optOut: true,
      instanceName: 'second',
      logLevel: 4,
      loggerProvider: { warn: () => {} },
      flushMaxRetries: 1,
      userProperties: { plan: 'free' },
      version: { type: 'segment', version: '1.0.0' },
      interactionConfig: {
        enabled: true,
        batch: false,
        ugcFilterRules: [{ selector: '/u/*', replacement: '/u/-' }],
      },
      enableUrlChangePolling: true,
      urlChangePollingInterval: 200,
      captureDocumentTitle: true,
      captureAdoptedStyleSheets: false,
      inlineImages: true,
      crossOriginIframes: { enabled: true, coordinateChildren: false, allowedOrigins: ['https://a.example'] },
      fullSnapshotIntervalMs: 300_000,
      flushIntervalConfig: { minIntervalMs: 200, maxIntervalMs: Number.POSITIVE_INFINITY },
      eagerFullSnapshotSend: true,
      captureFullSnapshotOnFocus: true,
      maxPersistedEventsSizeBytes: 1000,
      maxSingleEventSizeBytes: 10_000_000,
      sendTimeoutMs: 0,
      enableTransportCompression: false,
      handleSendEvents: async () => ({ status: 200, text: async () => '' }),
      handleFetchConfig: async () => ({ status: 200, text: async () => '{}' }),
      experimental: { useWebWorker: false },
      workerUrl: '/worker.js',
      onError: () => {},
    })
    expect(errors).toEqual([])
    expect(resolved).toMatchObject({
      invalid: null,
      sampleRate: 0.83,
      serverZone: 'EU',
      trackServerUrl: '/replay',
      privacyConfig: { blockSelector: ['.secret'], maskAttributes: ['alt'], defaultMaskLevel: 'light' },
      useWebWorker: true,
      eagerFullSnapshotSend: 'every',
      sendTimeoutMs: 0,
      ugcFilterRules: [{ selector: '/u/*', replacement: '/u/-' }],
    })
  })

  it.each([
    [{ sampleRate: '0.5' }, 'sampleRate', { sampleRate: 0 }],
    [{ sampleRate: Number.NaN }, 'sampleRate', { sampleRate: 0 }],
    [{ sampleRate: Number.POSITIVE_INFINITY }, 'sampleRate', { sampleRate: 0 }],
    [{ sampleRate: -1 }, 'sampleRate', { sampleRate: 0 }],
    [{ sampleRate: 1.5 }, 'sampleRate', { sampleRate: 1 }],
    [{ sampleRate: null }, 'sampleRate', { sampleRate: 0 }],
    [{ serverZone: 'MOON' }, 'serverZone', { serverZone: 'US' }],
    [{ serverZone: ' eu' }, 'serverZone', { serverZone: 'EU' }],
    [{ storeType: 'disk' }, 'storeType', { storeType: 'memory' }],
    [{ debugMode: 'yes' }, 'debugMode', { debugMode: false }],
    [{ optOut: 'no' }, 'optOut', { optOut: true }],
    [{ privacyConfig: null }, 'privacyConfig', { privacyConfig: {} }],
    [{ trackServerUrl: null }, 'trackServerUrl', { trackServerUrl: undefined }],
    [{ useWebWorker: 1 }, 'useWebWorker', { useWebWorker: false }],
    [{ shouldInlineStylesheet: 0 }, 'shouldInlineStylesheet', { shouldInlineStylesheet: true }],
    [
      { performanceConfig: true },
      'performanceConfig',
      { performanceConfig: { enabled: true, timeout: 2000 } },
    ],
    [
      { performanceConfig: { timeout: -5 } },
      'performanceConfig.timeout',
      { performanceConfig: { timeout: 1 } },
    ],
    [{ performanceConfig: { interaction: [] } }, 'performanceConfig.interaction', {}],
    [
      { flushIntervalConfig: { minIntervalMs: 5 } },
      'minIntervalMs',
      { flushIntervalConfig: { minIntervalMs: 100 } },
    ],
    [
      { flushIntervalConfig: { minIntervalMs: 2000, maxIntervalMs: 1000 } },
      'flushIntervalConfig.maxIntervalMs',
      { flushIntervalConfig: { minIntervalMs: 2000, maxIntervalMs: 2000 } },
    ],
    [{ maxPersistedEventsSizeBytes: 1e9 }, 'maxPersisted', { maxPersistedEventsSizeBytes: 8_000_000 }],
    [{ maxSingleEventSizeBytes: 'big' }, 'maxSingle', { maxSingleEventSizeBytes: 9_000_000 }],
    [{ sendTimeoutMs: Number.NaN }, 'sendTimeoutMs', { sendTimeoutMs: 10_000 }],
    [{ fullSnapshotIntervalMs: 1 }, 'fullSnapshotIntervalMs', { fullSnapshotIntervalMs: 1000 }],
    [{ deviceId: 7 }, 'deviceId', { deviceId: undefined }],
    [{ sessionId: {} }, 'sessionId', { sessionId: undefined }],
    [{ logLevel: 9 }, 'logLevel', { logLevel: 2 }],
    [{ loggerProvider: 'console' }, 'loggerProvider', { loggerProvider: undefined }],
    [{ version: '1.0' }, 'version', { version: undefined }],
    [{ workerUrl: 'javascript:1' }, 'workerUrl', { workerUrl: undefined }],
    [{ customSessionId: 'id' }, 'customSessionId', { customSessionId: undefined }],
    [{ eagerFullSnapshotSend: 'yes' }, 'eagerFullSnapshotSend', { eagerFullSnapshotSend: 'first' }],
    [
      { crossOriginIframes: { enabled: true, allowedOrigins: ['*'] } },
      'crossOriginIframes.allowedOrigins',
      { crossOriginIframes: { enabled: true, allowedOrigins: [] } },
    ],
  ])('answers %j with one warning about %s and a safe value', (options, name, expected) => {
    const { resolved, errors } = resolve(options)
    expect(errors).toHaveLength(1)
    expect(errors[0]?.code).toBe('BAD_OPTION')
    expect(errors[0]?.message).toContain(name)
    expect(resolved.invalid).toBeNull()
    expect(resolved).toMatchObject(expected)
  })

  it.each([{ routes: { deny: '/checkout/**' } }, { consent: 'required' }])(
    'records nothing with %j, which only a controller follows',
    (options) => {
      const { resolved, errors } = resolve(options)
      expect(errors.map(({ message }) => message)).toEqual([resolved.invalid])
      expect(resolved.invalid).toContain('createSessionReplay()')
      expect(resolve({ consent: 'granted' }).resolved.invalid).toBeNull()
    },
  )

  it.each([
    [{ maskSelector: 5 }],
    [{ maskSelector: ['.a', null] }],
    [{ maskAttributes: {} }],
    [{ secretParameters: [/order/] }],
    [{ defaultMaskLevel: 'none' }],
    [{ urlMaskLevels: [{ match: '*', maskLevel: 'open' }] }],
    [{ urlMaskLevels: 'all', defaultMaskLevel: 'light' }],
    [{ maskSelectors: ['.a'] }],
  ])('hides more, not less, when privacyConfig is %j', (privacyConfig) => {
    const { resolved, errors } = resolve({ privacyConfig })
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toContain('conservative')
    expect(resolved.privacyConfig.defaultMaskLevel).toBe('conservative')
    expect(resolved.privacyConfig.urlMaskLevels).toBeUndefined()
  })

  it('keeps the good entries of a list that holds a bad one', () => {
    expect(
      resolve({ privacyConfig: { maskSelector: ['.a', 1, '.b'] } }).resolved.privacyConfig.maskSelector,
    ).toEqual(['.a', '.b'])
  })

  it('drops a bad unmask selector without changing the level', () => {
    const { resolved } = resolve({ privacyConfig: { unmaskSelector: [7], defaultMaskLevel: 'light' } })
    expect(resolved.privacyConfig).toEqual({ unmaskSelector: [], defaultMaskLevel: 'light' })
  })

  it.each([
    [{ interactionConfig: { ugcFilterRules: 'all' } }, 'ugcFilterRules'],
    [{ interactionConfig: { ugcFilterRules: [{ selector: 'users/*', replacement: '' }] } }, 'ugcFilterRules'],
    [{ interactionConfig: { ugcFilterRules: [{ selector: '/users/*' }] } }, 'ugcFilterRules'],
    [{ interactionConfig: { ugcFilterRules: [{ selector: '/a b', replacement: '' }] } }, 'ugcFilterRules'],
    [{ trackServerUrl: 'ftp://files.example' }, 'trackServerUrl'],
    [{ trackServerUrl: 12 }, 'trackServerUrl'],
    [{ configServerUrl: 'http://' }, 'configServerUrl'],
    [{ handleSendEvents: {} }, 'handleSendEvents'],
    [{ privacyConfig: { blockSelector: 3 } }, 'privacyConfig.blockSelector'],
    [{ privacyConfig: 'conservative' }, 'privacyConfig'],
    ['sampleRate=1', 'options'],
    [[1], 'options'],
    [42, 'options'],
  ])('allows no recording when %j leaves no safe value', (options, name) => {
    const { resolved, errors } = resolve(options)
    expect(errors).toHaveLength(1)
    expect(resolved.invalid).toContain(name)
    expect(resolved.invalid).toContain('nothing is recorded until this is fixed')
  })

  it('names the option that was probably meant', () => {
    const { errors } = resolve({ samplerate: 1, privacy: {}, performanceConfig: { timeOut: 3 } })
    expect(errors.map((error) => error.message)).toEqual([
      'Session Replay: there is no option "samplerate" (did you mean "sampleRate"?); it is ignored.',
      'Session Replay: there is no option "privacy"; it is ignored.',
      'Session Replay: there is no option "timeOut" in "performanceConfig" (did you mean "timeout"?); it is ignored.',
    ])
  })

  it('names option, value, remedy and the value used', () => {
    expect(resolve({ sampleRate: '0.5' }).errors[0]?.message).toBe(
      'Session Replay: option "sampleRate" must be a number from 0 to 1, got "0.5"; 0 is used.',
    )
  })

  it('takes an interval of one side for both, as only one was given', () => {
    expect(resolve({ flushIntervalConfig: { maxIntervalMs: 500 } }).resolved.flushIntervalConfig).toEqual({
      minIntervalMs: 500,
      maxIntervalMs: 500,
    })
    expect(resolve({ flushIntervalConfig: { minIntervalMs: 20_000 } }).resolved.flushIntervalConfig).toEqual({
      minIntervalMs: 20_000,
      maxIntervalMs: 20_000,
    })
  })

  it('survives getters and proxies that throw', () => {
    const hostile = {
      get sampleRate(): number {
        throw new Error('no')
      },
    }
    expect(resolve(hostile).resolved.sampleRate).toBe(0)
    expect(resolve(hostile).errors).toHaveLength(1)
    const proxy = new Proxy({}, { get: () => fail(), ownKeys: () => fail() })
    expect(resolve(proxy).resolved.invalid).not.toBeNull()
  })
})

function fail(): never {
  throw new Error('hostile')
}

describe('options.ts', () => {
  it('documents a default that is the truth for every option', () => {
    const source = readFileSync(new URL('./options.ts', import.meta.url), 'utf8')
    const { resolved } = resolve({})
    const shown: Record<string, unknown> = {
      ...resolved,
      ...resolved.performanceConfig,
      ...resolved.performanceConfig.interaction,
      ...resolved.performanceConfig.mutationBudget,
      ...resolved.crossOriginIframes,
      ...resolved.flushIntervalConfig,
      enabled: undefined,
      privacyConfig: undefined,
      eagerFullSnapshotSend: undefined,
      serverZone: 'US',
    }
    const documented = [...source.matchAll(/@default (.+)\n\s+\*\/\n\s+(\w+)\??[:(]/g)]
    expect(documented.length).toBeGreaterThan(45)
    for (const [, value, name] of documented) {
      if (name === 'enabled') continue
      expect(`${name} ${JSON.stringify(shown[name as string])}`).toBe(
        `${name} ${value === 'undefined' ? 'undefined' : JSON.stringify(JSON.parse((value as string).replaceAll("'", '"')))}`,
      )
    }
  })
})
