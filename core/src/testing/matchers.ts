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
  /**
   * None of the secrets is in the replay, in any form. Of a collector all that was sent is searched, refused
   * requests too.
   * With `.not`: each of them is in it.
   */
  toHideText(...secrets: string[]): R
  /** Each text can be read in the replay. With `.not`: none of them can. */
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

function toHideText(this: unknown, replay: unknown, ...secrets: string[]): MatcherResult {
  mustName(secrets, 'toHideText')
  const leaks = findLeaks(evidenceOf(replay), secrets)
  const leaked = new Set(leaks.map(({ secret }) => secret))
  const hidden = secrets.filter((secret) => !leaked.has(secret))
  const pass = isNegated(this) ? hidden.length > 0 : leaks.length === 0
  return {
    pass,
    message: () =>
      pass
        ? `Expected the replay to give away ${quote(hidden)}, but it hides all of it.`
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

function toShowText(this: unknown, replay: unknown, ...texts: string[]): MatcherResult {
  mustName(texts, 'toShowText')
  const said = recordedText(eventsOf(replay))
  const readable = comparable(said)
  const shown = texts.filter((text) => readable.includes(comparable(text).trim()))
  const missing = texts.filter((text) => !shown.includes(text))
  const pass = isNegated(this) ? shown.length > 0 : missing.length === 0
  return {
    pass,
    message: () =>
      pass
        ? `Expected the replay not to show ${quote(shown)}.`
        : `The replay does not show ${quote(missing)}. It shows:\n${said.slice(0, 2000)}`,
  }
}

/**
 * Whether a matcher is called with `.not`, which turns `pass` round: of several texts each one has to be shown, or each
 * one missing. Vitest, Jest and Playwright tell it in `this`.
 */
function isNegated(matcher: unknown): boolean {
  return (matcher as { isNot?: boolean } | undefined)?.isNot === true
}

/** A matcher that is given nothing to look for would pass whatever the replay holds. */
function mustName(texts: string[], matcher: string): void {
  if (texts.length === 0) throw new Error(`${matcher}: name at least one text`)
  if (!texts.every((text) => text.trim())) throw new Error(`${matcher}: an empty text is everywhere`)
}

function eventsOf(replay: unknown): readonly ReplayEvent[] {
  const events = Array.isArray(replay)
    ? replay
    : (replay as { events?: () => ReplayEvent[] } | null)?.events?.()
  if (!Array.isArray(events)) throw new Error('Expected replay events or a test collector')
  if (events.length === 0)
    throw new Error(
      'There are no replay events: nothing can be proved. Was the page recorded, and its upload accepted?',
    )
  return events
}

function evidenceOf(replay: unknown): Evidence {
  const events = eventsOf(replay)
  return (replay as { evidence?: () => object }).evidence?.() ?? events
}

function quote(texts: string[]): string {
  return texts.map((text) => `"${text}"`).join(', ')
}
