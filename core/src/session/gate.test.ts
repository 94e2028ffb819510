import { describe, expect, it } from 'vitest'
import { decideGate, explainGate, type GateFacts, type GateReason } from './gate.ts'

const open: GateFacts = {
  sessionId: 1700000000000,
  deviceId: 'device',
  stopped: false,
  invalid: null,
  remote: { usable: true, captureEnabled: true },
  refused: false,
  optedOut: false,
  selection: { by: 'sampling', draw: 0.05, rate: 0.1, rateFrom: 'code' },
  holds: [],
  failure: null,
}

const targeting = (verdict: 'pending' | 'matched' | 'not-matched') =>
  ({ by: 'targeting', verdict }) satisfies GateFacts['selection']

/** What closes the gate, in the order in which it is asked, with the words for people. */
const ROWS: [GateReason, Partial<GateFacts>, string][] = [
  ['no-session-id', { sessionId: undefined }, 'session id missing'],
  ['no-device-id', { deviceId: undefined }, 'device id missing'],
  ['stopped', { stopped: true }, 'stopped by the app'],
  ['bad-options', { invalid: 'option "x" must be y' }, 'option "x" must be y'],
  ['config-pending', { remote: null }, 'remote config awaited'],
  ['config-unavailable', { remote: { usable: false, detail: 'timeout' } }, 'no remote config: timeout'],
  ['capture-disabled', { remote: { usable: true, captureEnabled: false } }, 'capture off in remote config'],
  ['session-refused', { refused: true }, 'session refused by the server'],
  ['opted-out', { optedOut: true }, 'opted out'],
  [
    'not-sampled',
    { selection: { by: 'sampling', draw: 0.41, rate: 0.1, rateFrom: 'code' } },
    'sample draw 0.41 ≥ sampleRate 0.1 (code)',
  ],
  ['targeting-pending', { selection: targeting('pending') }, 'targeting rules not evaluated yet'],
  ['not-targeted', { selection: targeting('not-matched') }, 'targeting rules do not match'],
  ['held', { holds: ['route /checkout', 'manual'] }, 'paused: route /checkout, manual'],
  ['failed', { failure: 'recording broke off' }, 'recording broke off'],
]

describe('decideGate', () => {
  it('is open when nothing speaks against it', () => {
    expect(decideGate(open)).toEqual({ open: true })
    expect(decideGate({ ...open, selection: targeting('matched') })).toEqual({ open: true })
  })

  it.each(ROWS)('is closed with reason %s by %j', (reason, facts, detail) => {
    expect(decideGate({ ...open, ...facts })).toEqual({ open: false, reason, detail })
  })

  it('names the first reason when several hold', () => {
    for (let from = 0; from < ROWS.length; from++) {
      // Later rows first, so that of two rows about the same fact the earlier one counts.
      const facts = ROWS.slice(from)
        .reverse()
        .map((row) => row[1])
      expect(decideGate(Object.assign({}, open, ...facts))).toMatchObject({ reason: ROWS[from]?.[0] })
    }
  })

  it.each([
    [0.1, 0.1],
    [Number.NaN, 1],
    [0, Number.NaN],
    [0, 0],
  ])('is closed at draw %d and rate %d', (draw, rate) => {
    const selection = { by: 'sampling', draw, rate, rateFrom: 'remote config' } as const
    expect(decideGate({ ...open, selection })).toMatchObject({ open: false, reason: 'not-sampled' })
  })

  it('treats falsy ids as missing', () => {
    expect(decideGate({ ...open, sessionId: 0 })).toMatchObject({ reason: 'no-session-id' })
    expect(decideGate({ ...open, deviceId: '' })).toMatchObject({ reason: 'no-device-id' })
  })
})

describe('explainGate', () => {
  it.each(ROWS)('says why: %s', (reason, facts, detail) => {
    const { decision, steps, sentence } = explainGate({ ...open, ...facts })
    expect(decision).toEqual(decideGate({ ...open, ...facts }))
    expect(sentence).toBe(`not recorded: ${detail}`)
    const at = steps.findIndex((step) => step.passed === false)
    expect(steps[at]).toEqual({ check: reason, passed: false, detail })
    expect(steps.slice(0, at).every((step) => step.passed === true)).toBe(true)
    expect(steps.slice(at + 1).every((step) => step.passed === null)).toBe(true)
    expect(steps.map((step) => step.check)).toEqual(ROWS.map((row) => row[0]))
  })

  it('says why it records', () => {
    expect(explainGate(open).sentence).toBe('recording: sample draw 0.05 < sampleRate 0.1 (code)')
    expect(explainGate({ ...open, selection: targeting('matched') }).sentence).toBe(
      'recording: targeting rules match',
    )
    expect(explainGate(open).steps.every((step) => step.passed === true)).toBe(true)
  })
})
