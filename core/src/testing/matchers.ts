import type { ReplayEvent } from '../types.ts'
import { type Evidence, findLeaks } from './leaks.ts'
import { recordedText } from './recorded-text.ts'
import { comparable } from './secret-forms.ts'

/** Replay events, or something that gives them, such as a test collector. */
export type Replay = readonly ReplayEvent[] | { events(): ReplayEvent[]; evidence?(): object }

export interface MatcherResult {
  pass: boolean
  message(): string
}

/** For the type of `expect`: `interface Assertion<T> extends ReplayMatchers<T> {}` in your test's typings. */
export interface ReplayMatchers<R = unknown> {
  /** None of the secrets is in the replay, in any form. A collector's headers and addresses are searched too. */
  toHideText(...secrets: string[]): R
  /** Each text can be read in the replay. */
  toShowText(...texts: string[]): R
}

/**
 * Matchers for `expect.extend`, of Vitest, Jest and Playwright alike.
 *
 * @example
 * expect.extend(replayMatchers)
 * expect(collector).toHideText('jane@example.com')
 * expect(collector).toShowText('Your orders')
 */
export const replayMatchers = { toHideText, toShowText }

function toHideText(replay: unknown, ...secrets: string[]): MatcherResult {
  mustName(secrets, 'toHideText')
  const evidence = evidenceOf(replay)
  const leaks = findLeaks(evidence, secrets)
  return {
    pass: leaks.length === 0,
    message: () =>
      leaks.length === 0
        ? `Expected the replay to give away ${quote(secrets)}, but it hides all of it.`
        : [
            `The replay gives away ${leaks.length === 1 ? 'a secret' : `secrets in ${leaks.length} places`}:`,
            ...leaks
              .slice(0, 20)
              .map(
                ({ secret, place, form, path, excerpt }) =>
                  `  "${secret}" in ${place} (${form}) at ${path}: ${excerpt}`,
              ),
          ].join('\n'),
  }
}

function toShowText(replay: unknown, ...texts: string[]): MatcherResult {
  mustName(texts, 'toShowText')
  const said = recordedText(eventsOf(replay))
  const missing = texts.filter((text) => !comparable(said).includes(comparable(text)))
  return {
    pass: missing.length === 0,
    message: () =>
      missing.length === 0
        ? `Expected the replay not to show ${quote(texts)}.`
        : `The replay does not show ${quote(missing)}. It shows:\n${said.slice(0, 2000)}`,
  }
}

/** A matcher that is given nothing to look for would pass whatever the replay holds. */
function mustName(texts: string[], matcher: string): void {
  if (texts.length === 0) throw new Error(`${matcher}: name at least one text`)
}

function eventsOf(replay: unknown): readonly ReplayEvent[] {
  const events = Array.isArray(replay)
    ? replay
    : (replay as { events?: () => ReplayEvent[] } | null)?.events?.()
  if (!Array.isArray(events)) throw new Error('Expected replay events or a test collector')
  if (events.length === 0)
    throw new Error('There are no replay events: nothing can be proved. Was the page recorded?')
  return events
}

function evidenceOf(replay: unknown): Evidence {
  const events = eventsOf(replay)
  return (replay as { evidence?: () => object }).evidence?.() ?? events
}

function quote(texts: string[]): string {
  return texts.map((text) => `"${text}"`).join(', ')
}
