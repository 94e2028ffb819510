import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Answer } from '@session-replay-kit/core/testing'
import type { AnswerChoice, Settings } from '../api.ts'

export const DEFAULT_SETTINGS: Settings = {
  captureEnabled: true,
  sampleRate: null,
  minSessionDurationMs: null,
  maskLevel: null,
  blockSelectors: [],
  maskSelectors: [],
  unmaskSelectors: [],
  interactions: true,
  console: false,
  network: false,
  uploadAnswer: 'accept',
  configAnswer: 'accept',
  analyticsAnswer: 'accept',
}

const ANSWERS: Record<AnswerChoice, Answer> = {
  accept: { kind: 'accept' },
  'skip-429': { kind: 'skip', code: 429 },
  'skip-4004': { kind: 'skip', code: 4004 },
  'skip-4005': { kind: 'skip', code: 4005 },
  'refuse-400': { kind: 'refuse', status: 400 },
  'refuse-403': { kind: 'refuse', status: 403 },
  'refuse-413': { kind: 'refuse', status: 413 },
  'refuse-429': { kind: 'refuse', status: 429, retryAfterSeconds: 5 },
  'refuse-500': { kind: 'refuse', status: 500 },
  'refuse-503': { kind: 'refuse', status: 503, retryAfterSeconds: 5 },
  hang: { kind: 'hang' },
}

export interface SettingsFile {
  get(): Settings
  /** Rejects with a message that names the field when a value is not possible. */
  change(patch: unknown): Promise<Settings>
}

/** The settings, kept in one file. A file that cannot be read counts as absent. */
export async function openSettings(file: string): Promise<SettingsFile> {
  let settings = DEFAULT_SETTINGS
  try {
    settings = checkSettings({ ...DEFAULT_SETTINGS, ...JSON.parse(await readFile(file, 'utf8')) })
  } catch {
    // First start, or a file edited by hand: the defaults are a good beginning.
  }
  return {
    get: () => settings,
    async change(patch) {
      settings = checkSettings({ ...settings, ...(patch as object) })
      await mkdir(dirname(file), { recursive: true })
      // Renaming is atomic: a crash leaves the old file or the new one.
      await writeFile(`${file}.new`, JSON.stringify(settings, null, 2))
      await rename(`${file}.new`, file)
      return settings
    },
  }
}

export function answerFor(choice: AnswerChoice): Answer {
  return ANSWERS[choice]
}

/** The settings in Amplitude's words: the `configs` object of a remote configuration. */
export function remoteConfigsOf(settings: Settings): Record<string, unknown> {
  const { captureEnabled, sampleRate, minSessionDurationMs, maskLevel } = settings
  return {
    sessionReplay: {
      sr_sampling_config: {
        capture_enabled: captureEnabled,
        ...(sampleRate === null ? {} : { sample_rate: sampleRate }),
        ...(minSessionDurationMs === null ? {} : { min_session_duration_ms: minSessionDurationMs }),
      },
      sr_privacy_config: {
        ...(maskLevel === null ? {} : { defaultMaskLevel: maskLevel }),
        ...(settings.blockSelectors.length ? { blockSelector: settings.blockSelectors } : {}),
        ...(settings.maskSelectors.length ? { maskSelector: settings.maskSelectors } : {}),
        ...(settings.unmaskSelectors.length ? { unmaskSelector: settings.unmaskSelectors } : {}),
      },
      sr_interaction_config: { enabled: settings.interactions, batch: false },
      sr_logging_config: {
        console: { enabled: settings.console, levels: ['info', 'log', 'warn', 'error'] },
        network: { enabled: settings.network },
      },
    },
  }
}

function checkSettings(value: Record<string, unknown>): Settings {
  const known = Object.fromEntries(
    Object.keys(DEFAULT_SETTINGS).map((name) => [name, value[name]]),
  ) as unknown as Settings
  const must = (holds: boolean, name: keyof Settings, expected: string): void => {
    if (!holds) throw new Error(`${name}: expected ${expected}, got ${JSON.stringify(known[name])}`)
  }
  for (const name of ['captureEnabled', 'interactions', 'console', 'network'] as const) {
    must(typeof known[name] === 'boolean', name, 'true or false')
  }
  const isBetween = (value: unknown, most: number): boolean =>
    value === null || (typeof value === 'number' && value >= 0 && value <= most)
  const { sampleRate, minSessionDurationMs, maskLevel } = known
  must(isBetween(sampleRate, 1), 'sampleRate', 'a number from 0 to 1, or null')
  must(isBetween(minSessionDurationMs, 60_000), 'minSessionDurationMs', 'a number from 0 to 60000, or null')
  must(
    maskLevel === null || ['light', 'medium', 'conservative'].includes(maskLevel),
    'maskLevel',
    'light, medium, conservative or null',
  )
  for (const name of ['blockSelectors', 'maskSelectors', 'unmaskSelectors'] as const) {
    const list: unknown = known[name]
    must(Array.isArray(list) && list.every((item) => typeof item === 'string'), name, 'a list of selectors')
  }
  for (const name of ['uploadAnswer', 'configAnswer', 'analyticsAnswer'] as const) {
    must(Object.hasOwn(ANSWERS, known[name]), name, `one of ${Object.keys(ANSWERS).join(', ')}`)
  }
  return known
}
