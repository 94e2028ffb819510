import { describe, expect, it } from 'vitest'
import { readLogging } from './remote-logging.ts'

describe('readLogging', () => {
  it.each([
    [undefined],
    [null],
    ['on'],
    [{}],
    [{ console: { levels: ['log'] }, network: {} }],
    [{ console: { enabled: true, levels: 'log' }, network: { enabled: 'yes' } }],
    [{ console: true, network: true }],
  ])('leaves console and network off at %j', (raw) => {
    expect(readLogging(raw)).toEqual({ consoleLevels: [], network: null })
  })

  it('reads console levels and body rules', () => {
    expect(
      readLogging({
        console: { enabled: true, levels: ['warn', 'error', 'secret'] },
        network: {
          enabled: true,
          body: {
            request: true,
            response: { allowlist: ['id'], blocklist: ['email'] },
            maxBodySizeBytes: 500,
          },
        },
      }),
    ).toEqual({
      consoleLevels: ['warn', 'error'],
      network: {
        request: { allowlist: [], excludelist: [] },
        response: { allowlist: ['id'], excludelist: ['email'] },
        maxBodySizeBytes: 500,
      },
    })
  })

  it.each([
    [undefined],
    [false],
    ['true'],
    [{ enabled: false }],
    [{ enabled: 'true' }],
    [{ allowlist: 'id' }],
    [{ excludelist: [1] }],
  ])('keeps bodies out when their rule is %j', (request) => {
    expect(readLogging({ network: { enabled: true, body: { request } } }).network).toEqual({
      request: null,
      response: null,
      maxBodySizeBytes: 10_240,
    })
  })

  it.each([
    [-1, 10_240],
    ['500', 10_240],
    [Number.NaN, 10_240],
    [1e9, 1_000_000],
    [0, 0],
  ])('takes a body limit of %j as %d bytes', (maxBodySizeBytes, used) => {
    expect(readLogging({ network: { enabled: true, body: { maxBodySizeBytes } } }).network).toMatchObject({
      maxBodySizeBytes: used,
    })
  })
})
