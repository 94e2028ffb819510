import { describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { createSession } from './session.ts'

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

  it('keeps the identity object until an id changes', () => {
    const { session } = setUp()
    session.update({ deviceId: 'device', sessionId: 1 })
    const { identity } = session.get()
    session.update({ deviceId: 'device', sessionId: 1 })
    expect(session.get().identity).toBe(identity)
    session.update({ deviceId: 'other' })
    expect(session.get().identity).not.toBe(identity)
  })

  it('tells 1 from "1": the app has changed its mind about the kind of id', () => {
    const { session } = setUp()
    session.update({ sessionId: 1 })
    session.update({ sessionId: '1' })
    expect(session.get().sessionId).toBe('1')
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
})
