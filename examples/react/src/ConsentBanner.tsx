import { useSessionReplay } from '@session-replay-kit/react'
import { useState } from 'react'
import { type Consent, keepConsent, readConsent } from './consent.ts'

/** Asks once. Refusing ends the recording in the same moment, and it does not begin on the next visit. */
export function ConsentBanner() {
  const { setConsent } = useSessionReplay()
  const [answer, setAnswer] = useState(readConsent)
  const say = (consent: Consent) => () => {
    keepConsent(consent)
    setConsent(consent === 'given')
    setAnswer(consent)
  }
  if (answer !== null) {
    return (
      <p>
        Recording {answer === 'given' ? 'allowed' : 'refused'}.{' '}
        <button type="button" onClick={say(answer === 'given' ? 'refused' : 'given')}>
          Change
        </button>
      </p>
    )
  }
  return (
    <p className="consent">
      May we replay your visit to make the shop better?{' '}
      <button type="button" onClick={say('given')}>
        Yes
      </button>{' '}
      <button type="button" onClick={say('refused')}>
        No
      </button>
    </p>
  )
}
