import { describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { createSession, type SessionState } from './session.ts'

function setUp() {
  const errors: ReplayError[] = []
  const session = createSession((error) => errors.push(error))
  return { session, errors }
}

describe('createSession', () => {
  it('has an identity once both ids are known', () => {
    const { session } = setUp()
    expect(session.get()).toMatchObject({ identity: null, replayId: null })
    session.update({ deviceId: 'device' })
    expect(session.get()).toMatchObject({ deviceId: 'device', identity: null, replayId: null })
    session.update({ sessionId: 1700000000000 })
    expect(session.get()).toMatchObject({
      identity: { deviceId: 'device', sessionId: 1700000000000 },
      replayId: 'device/1700000000000',
    })
  })

  it.each([0, '', undefined])('takes %j for a missing session id', (sessionId) => {
    const { session } = setUp()
    session.update({ deviceId: 'device', sessionId: 5 })
    session.update({ sessionId })
    expect(session.get().identity).toBeNull()
  })

  it('keeps the id that is not named', () => {
    const { session } = setUp()
    session.update({ deviceId: 'device', sessionId: 1 })
    session.update({ sessionId: 2 })
    expect(session.get().replayId).toBe('device/2')
  })

  it('tells subscribers of changes only, and keeps the identity object otherwise', () => {
    const { session } = setUp()
    const seen: SessionState[] = []
    session.update({ deviceId: 'device', sessionId: 1 })
    const stop = session.subscribe((state) => seen.push(state))
    expect(session.update({ deviceId: 'device', sessionId: 1 })).toBe(false)
    expect(session.update({ sessionId: 1 })).toBe(false)
    expect(seen).toHaveLength(1)
    expect(session.update({ deviceId: 'other' })).toBe(true)
    expect(seen.map((state) => state.replayId)).toEqual(['device/1', 'other/1'])
    stop()
    session.update({ sessionId: 2 })
    expect(seen).toHaveLength(2)
  })

  it('tells 1 from "1": the app has changed its mind about the kind of id', () => {
    const { session } = setUp()
    session.update({ sessionId: 1 })
    expect(session.update({ sessionId: '1' })).toBe(true)
  })

  it.each(['a/b', 'a b', 'sess-é', 'a\nb', '#1'])(
    'warns about the characters of %j and uses it',
    (sessionId) => {
      const { session, errors } = setUp()
      session.update({ deviceId: 'device', sessionId })
      expect(errors.map((error) => error.code)).toEqual(['BAD_OPTION'])
      expect(errors[0]?.message).toContain('sessionId')
      expect(session.get().identity?.sessionId).toBe(sessionId)
    },
  )

  it('accepts every allowed character in silence', () => {
    const { session, errors } = setUp()
    session.update({ deviceId: 'aZ09_-.|@:=', sessionId: 'f47ac10b-58cc' })
    expect(errors).toEqual([])
  })

  it('reports a subscriber that throws and tells the others', () => {
    const { session, errors } = setUp()
    const seen: unknown[] = []
    session.subscribe(() => {
      throw new Error('listener')
    })
    session.subscribe((state) => seen.push(state))
    session.update({ sessionId: 3 })
    expect(seen).toHaveLength(2)
    expect(errors.every((error) => error.code === 'INTERNAL')).toBe(true)
  })
})
