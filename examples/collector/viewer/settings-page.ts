import type { AnswerChoice, MaskLevel, Settings } from '../api.ts'
import { changeSettings, readSettings } from './api-client.ts'
import { h, replace } from './element.ts'

const ANSWERS: [AnswerChoice, string][] = [
  ['accept', 'accept'],
  ['skip-429', '200, skipped: throttled (429)'],
  ['skip-4004', '200, skipped: session out of range (4004)'],
  ['skip-4005', '200, skipped: capture disabled (4005)'],
  ['refuse-400', '400 bad request'],
  ['refuse-403', '403 forbidden'],
  ['refuse-413', '413 payload exceeded'],
  ['refuse-429', '429 too many requests, retry after 5 s'],
  ['refuse-500', '500 server error'],
  ['refuse-503', '503 unavailable, retry after 5 s'],
  ['hang', 'no answer at all'],
]
const withoutSkips = ANSWERS.filter(([value]) => !value.startsWith('skip'))
const LEVELS: [MaskLevel | '', string][] = [
  ['', 'as the app says'],
  ['light', 'light'],
  ['medium', 'medium'],
  ['conservative', 'conservative'],
]

/** Edits what recorders are told and how their requests are answered. Every change is saved at once. */
export async function settingsPage(onChanged: (settings: Settings) => void): Promise<HTMLElement> {
  const element = h('main', { class: 'settings' })
  const saved = h('span', { class: 'saved', role: 'status' })
  let settings = await readSettings()

  const save = async (patch: Partial<Settings>): Promise<void> => {
    try {
      settings = await changeSettings(patch)
      saved.className = 'saved saved-now'
      saved.textContent = 'Saved. Counts from the next request on.'
      onChanged(settings)
    } catch (error) {
      saved.className = 'saved bad'
      saved.textContent = error instanceof Error ? error.message : String(error)
    }
  }
  const toggle = (name: 'captureEnabled' | 'interactions' | 'console' | 'network'): HTMLElement => {
    const box = h('input', {
      type: 'checkbox',
      role: 'switch',
      checked: settings[name],
      onchange: () => save({ [name]: box.checked }),
    })
    return box
  }
  const number = (name: 'sampleRate' | 'minSessionDurationMs', max: number, step: string): HTMLElement => {
    const box = h('input', {
      type: 'number',
      min: '0',
      max: String(max),
      step,
      placeholder: 'as the app says',
      value: settings[name] === null ? '' : String(settings[name]),
      onchange: () => save({ [name]: box.value === '' ? null : Number(box.value) }),
    })
    return box
  }
  const choice = <Value extends string>(
    choices: [Value, string][],
    current: Value,
    onPick: (value: Value) => void,
  ): HTMLElement => {
    const box = h(
      'select',
      { onchange: () => onPick(box.value as Value) },
      choices.map(([value, label]) => h('option', { value, selected: value === current }, label)),
    )
    return box
  }
  const selectors = (name: 'blockSelectors' | 'maskSelectors' | 'unmaskSelectors'): HTMLElement => {
    const box = h('textarea', {
      rows: 2,
      placeholder: 'one selector a line',
      value: settings[name].join('\n'),
      spellcheck: false,
      onchange: () =>
        save({
          [name]: box.value
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
        }),
    })
    return box
  }

  replace(
    element,
    h('header', {}, h('h1', {}, 'Remote configuration'), saved),
    h(
      'p',
      { class: 'lead' },
      'What this collector tells recorders, and how it answers them. A page asks when it loads.',
    ),
    card('Recording', [
      field('Capture', 'Off ends recording everywhere, whatever apps ask for.', toggle('captureEnabled')),
      field('Sample rate', 'Part of all sessions, from 0 to 1.', number('sampleRate', 1, '0.01')),
      field(
        'Shortest session',
        'In ms. Shorter sessions are never sent.',
        number('minSessionDurationMs', 60_000, '500'),
      ),
      field('Interactions', 'Clicks and scroll depth.', toggle('interactions')),
      field('Console', 'Messages of the page’s console.', toggle('console')),
      field('Network', 'Addresses and timings of requests.', toggle('network')),
    ]),
    card('Privacy', [
      field(
        'Mask level',
        'What is hidden where no marker says otherwise.',
        choice(LEVELS, settings.maskLevel ?? '', (value) => save({ maskLevel: value || null })),
      ),
      field('Block', 'Left out with all they contain.', selectors('blockSelectors')),
      field('Mask', 'Text becomes asterisks.', selectors('maskSelectors')),
      field('Unmask', 'Shown although the level hides it.', selectors('unmaskSelectors')),
    ]),
    card('Answers', [
      field(
        'Uploads',
        'See what a recorder does in bad weather.',
        choice(ANSWERS, settings.uploadAnswer, (uploadAnswer) => save({ uploadAnswer })),
      ),
      field(
        'Configuration',
        'Without it nothing may be recorded.',
        choice(withoutSkips, settings.configAnswer, (configAnswer) => save({ configAnswer })),
      ),
      field(
        'Analytics',
        'The intake of analytics events.',
        choice(withoutSkips, settings.analyticsAnswer, (analyticsAnswer) => save({ analyticsAnswer })),
      ),
    ]),
  )
  return element
}

function card(title: string, fields: HTMLElement[]): HTMLElement {
  return h('section', { class: 'card' }, h('h2', {}, title), fields)
}

function field(name: string, help: string, control: HTMLElement): HTMLElement {
  return h('label', { class: 'field' }, h('span', {}, h('b', {}, name), h('small', {}, help)), control)
}
