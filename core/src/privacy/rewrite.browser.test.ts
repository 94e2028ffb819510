import { afterEach, expect, test, vi } from 'vitest'
import { CHANNELS, COLUMNS, type Column, framesLoadedSince } from '../../test/support/private-page.ts'
import { startCapture } from '../capture/record.ts'
import type { ReplayError } from '../errors.ts'
import type { MaskLevel, PrivacyConfig, ReplayEvent } from '../types.ts'
import { createPrivacy, type Privacy } from './privacy.ts'

let endLast = (): void => {}
afterEach(() => {
  endLast()
  document.body.innerHTML = ''
})

/** rrweb as the recorder runs it: it blocks, and leaves all masking to the rewriting of its events. */
function start(
  config: PrivacyConfig,
  rewrite: (event: ReplayEvent, rewrite: (event: ReplayEvent) => ReplayEvent | null) => ReplayEvent | null = (
    event,
    run,
  ) => run(event),
) {
  const events: string[] = []
  const problems: ReplayError[] = []
  let asked = 0
  const privacy: Privacy = createPrivacy({
    config,
    ugcFilterRules: [],
    applyBackgroundColor: false,
    href: () => 'https://shop.test/',
    report: (problem) => problems.push(problem),
    onMarkersChanged: () => {
      asked += 1
    },
  })
  const capture = startCapture({
    emit: (event) => events.push(JSON.stringify(event)),
    rewrite: (event, mirror) => rewrite(event, (one) => privacy.rewrite(one, mirror)),
    blockSelector: privacy.blockSelector,
    settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
    report: (problem) => problems.push(problem),
  })
  endLast = () => {
    capture.stop()
    privacy.stop()
  }
  return { events, problems, privacy, capture, snapshotsAsked: () => asked, text: () => events.join('\n') }
}

/** rrweb delivers mutations in a microtask, frames and adopted sheets in the next tasks. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60))

const MARKER: Partial<Record<Column, string>> = { mask: 'amp-mask', unmask: 'amp-unmask', block: 'amp-block' }
const levelOf = (column: Column): MaskLevel =>
  column === 'light' || column === 'conservative' ? column : column === 'unmask' ? 'conservative' : 'medium'

function makeBoxes(column: Column): HTMLElement[] {
  return CHANNELS.map(() => {
    const box = document.createElement('div')
    // The marker is above: what is below must be found to be covered by it.
    const around = document.createElement('section')
    if (MARKER[column]) around.className = MARKER[column]
    around.append(box)
    document.body.append(around)
    return box
  })
}

let counter = 0

/** Letters only and of one length, so that no encoding changes it and none is part of another. */
function nextSecret(): string {
  let rest = ++counter
  let word = ''
  for (let i = 0; i < 4; i++) {
    word += String.fromCharCode(97 + (rest % 26))
    rest = Math.floor(rest / 26)
  }
  return `Zq${word}Secretword`
}

const MOMENTS = ['at load', 'added later', 'changed later'] as const
let checks = 0
const leaks: string[] = []
const wronglyHidden: string[] = []

for (const moment of MOMENTS) {
  for (const [at, column] of COLUMNS.entries()) {
    test(`${column}, ${moment}: hides what is private and shows the rest`, { timeout: 120_000 }, async () => {
      const secrets = CHANNELS.map(nextSecret)
      const boxes = makeBoxes(column)
      const plant = async (words: string[]): Promise<void> => {
        await Promise.all(CHANNELS.map(({ plant }, i) => plant(boxes[i] as HTMLElement, words[i] as string)))
      }
      const frames = framesLoadedSince()
      const framesRecorded = async (): Promise<void> => {
        await settle()
        for (const mark of column === 'block' ? [] : frames())
          await vi.waitFor(() => expect(session.text()).toContain(mark), 60_000)
        await settle()
      }
      if (moment === 'at load') await plant(secrets)
      if (moment === 'changed later') await plant(CHANNELS.map(() => 'plainword'))
      const session = start({ defaultMaskLevel: levelOf(column) })
      await framesRecorded()
      if (moment === 'added later') await plant(secrets)
      if (moment === 'changed later') {
        const changes = CHANNELS.map(({ plant, alter = plant }, i) =>
          alter(boxes[i] as HTMLElement, secrets[i] as string),
        )
        await Promise.all(changes)
      }
      await framesRecorded()
      expect(session.problems).toEqual([])
      const seen = session.text()
      const found: string[] = []
      const missing: string[] = []
      for (const [i, channel] of CHANNELS.entries()) {
        const verdict = channel.expect[at]
        if (verdict === 'any') continue
        checks += 1
        // CSS identifiers and data addresses may be re-encoded; the words are plain letters on purpose.
        const present = seen.includes(secrets[i] as string)
        if (verdict === 'hide' && present) found.push(channel.name)
        if (verdict === 'show' && !present) missing.push(channel.name)
      }
      leaks.push(...found)
      wronglyHidden.push(...missing)
      expect({ leaks: found, wronglyHidden: missing }).toEqual({ leaks: [], wronglyHidden: [] })
    })
  }
}

test('the same page leaks when its events are not rewritten', { timeout: 120_000 }, async () => {
  const secrets = CHANNELS.map(nextSecret)
  const boxes = makeBoxes('mask')
  await Promise.all(CHANNELS.map(({ plant }, i) => plant(boxes[i] as HTMLElement, secrets[i] as string)))
  const session = start({}, (event) => event)
  await settle()
  const leaked = secrets.filter((secret) => session.text().includes(secret))
  expect(leaked.length).toBeGreaterThan(80)
})

test('a snapshot of 5 000 nodes costs little more than recording it', () => {
  const rows = Array.from(
    { length: 1000 },
    (_, i) => `<li class="row" title="t"><b>${i}</b> text <input value="x"></li>`,
  )
  document.body.innerHTML = `<ul>${rows.join('')}</ul>`
  const costs = (['light', 'medium', 'conservative'] as const).map((defaultMaskLevel) => {
    let spentMs = 0
    start({ defaultMaskLevel }, (event, rewrite) => {
      const startedAt = performance.now()
      const clean = rewrite(event)
      spentMs += performance.now() - startedAt
      return clean
    })
    endLast()
    return `${defaultMaskLevel} ${spentMs.toFixed(1)} ms`
  })
  console.info(`privacy: rewriting a snapshot of 5 000 nodes: ${costs.join(', ')}`)
  expect(costs).toHaveLength(3)
})

test('the counts of all that was planted', () => {
  console.info(`privacy: ${checks} checks, ${leaks.length} leaks, ${wronglyHidden.length} wrongly hidden`)
  expect(checks).toBeGreaterThan(1500)
})
