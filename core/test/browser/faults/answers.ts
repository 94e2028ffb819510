import type { Answer } from '../../support/answers.ts'
import * as answers from '../../support/answers.ts'
import type { Script } from '../../support/collector.ts'
import type { Scenario, Stage } from '../../support/fault-stage.ts'
import { networkOf } from '../../support/page-network.ts'

/** The first uploads meet `faults`, one each; what follows is accepted. */
async function visitWith(stage: Stage, faults: Answer[] | Script, settleMs = 30_000): Promise<void> {
  const page = await stage.visit()
  await stage.write(page, 10)
  stage.collector.script(faults)
  await stage.write(page, 30, 100)
  await stage.rest(page)
  await stage.arrived(settleMs)
}

/** What the collector, or the way to it, does wrong. */
export function answerFaults(scenario: Scenario): void {
  scenario('no fault', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 40)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
    stage.expect(stage.collector.maxOpen(String(stage.sessionId))).toBe(1)
  })

  scenario(
    'the default intervals deliver the last event within 10 s',
    { options: { flushIntervalConfig: {} } },
    async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 40, 150)
      await stage.rest(page)
      stage.expect(await stage.arrived(15_000)).toBeLessThan(10_000)
      await stage.verdict({ said: 0 })
    },
  )

  for (const status of [500, 502, 503, 504, 408, 425, 429, 499]) {
    scenario(`status ${status} once`, {}, async (stage) => {
      await visitWith(stage, [answers.status(status)])
      await stage.verdict({ said: 0 })
    })
  }

  scenario('errors again and again', {}, async (stage) => {
    await visitWith(
      stage,
      Array.from({ length: 4 }, (_, index) => answers.status(500 + (index % 4))),
      40_000,
    )
    await stage.verdict()
  })

  scenario('errors for the whole visit, delivered by the next', {}, async (stage) => {
    stage.collector.script(() => answers.status(503))
    const page = await stage.visit()
    await stage.write(page, 40, 100)
    await stage.rest(page)
    await page.goto(`${stage.origin}/plain`)
    stage.collector.script([])
    await stage.load(page)
    await stage.arrived()
    await stage.verdict({ rebuild: false })
  })

  scenario('throttled with Retry-After in seconds', {}, async (stage) => {
    await visitWith(stage, [answers.status(429, { 'Retry-After': '4' })])
    await stage.verdict({ said: 0 })
    const [before, after] = around(stage, 429)
    stage.expect((after ?? 0) - (before ?? 0)).toBeGreaterThanOrEqual(4_000)
  })

  scenario('throttled with Retry-After as a date', {}, async (stage) => {
    const date = new Date(Date.now() + 12_000).toUTCString()
    await visitWith(stage, [answers.status(503, { 'Retry-After': date })])
    await stage.verdict({ said: 0 })
    const [, after] = around(stage, 503)
    stage.expect(after).toBeGreaterThanOrEqual(Date.parse(date) - 100)
  })

  scenario('skip code 429 pauses the session', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await stage.arrived()
    stage.collector.script([answers.skip(429, { 'Retry-After': '5' })])
    await stage.write(page, 30, 100)
    await stage.rest(page)
    await stage.arrived(30_000)
    const skipped = stage.collector.uploads.filter(({ kept }) => !kept)
    const gone = new Set(skipped.flatMap(({ text }) => text.match(/item \w+/g) ?? []))
    stage.expect(skipped).toHaveLength(1)
    const next = stage.collector.uploads[(skipped[0]?.index ?? 0) + 1]
    stage.expect((next?.receivedAt ?? 0) - (skipped[0]?.receivedAt ?? 0)).toBeGreaterThanOrEqual(5_000)
    await stage.verdict({ lost: (name) => gone.has(`item ${name}`) })
  })

  for (const code of [4004, 4005]) {
    scenario(`skip code ${code} ends the session, not the next one`, {}, async (stage) => {
      stage.collector.script(({ sessionId }) =>
        sessionId === String(stage.sessionId) ? answers.skip(code) : answers.accept(),
      )
      const page = await stage.visit()
      await stage.write(page, 20)
      await stage.collector.until((uploads) => uploads.length > 0)
      await page.waitForTimeout(500)
      const { length } = stage.collector.uploads
      await stage.write(page, 20)
      await page.waitForTimeout(2_500)
      stage.expect(stage.collector.uploads.length).toBeLessThanOrEqual(length + 1)
      stage.wrote.splice(0)
      await page.evaluate((id) => faultPage.setSession(id), stage.sessionId + 1_000_000)
      await stage.write(page, 20)
      await stage.arrived()
      await stage.verdict({ rebuild: false })
    })
  }

  scenario('an unknown skip code counts as an answer', {}, async (stage) => {
    await visitWith(stage, [answers.skip(4999)], 8_000)
    const gone = stage.collector.uploads.filter(({ kept }) => !kept)
    stage.expect(gone).toHaveLength(1)
    await stage.verdict({
      lost: (name) => gone.some(({ text }) => text.includes(`item ${name}\\`)),
      rebuild: false,
    })
  })

  for (const status of [401, 403, 404]) {
    scenario(`refused with ${status} for a while`, {}, async (stage) => {
      const startedAt = Date.now()
      await visitWith(
        stage,
        () => (Date.now() - startedAt < 12_000 ? answers.status(status) : answers.accept()),
        40_000,
      )
      stage.expect(stage.collector.uploads.filter(({ kept }) => !kept).length).toBeLessThanOrEqual(4)
      await stage.verdict()
    })
  }

  scenario('reset before the server processed it', {}, async (stage) => {
    await visitWith(stage, [answers.reset(), answers.reset()])
    await stage.verdict({ said: 0 })
  })

  scenario('reset after the server processed it', {}, async (stage) => {
    await visitWith(stage, [answers.resetAfter(), answers.resetAfter()])
    // Both may hit the same batch, and nobody can know that the server has it.
    await stage.verdict({ duplicates: 40, copies: 3, said: 0 })
  })

  scenario('a hanging request', { options: { sendTimeoutMs: 3_000 } }, async (stage) => {
    await visitWith(stage, [answers.hang()])
    await stage.verdict({ said: 0 })
  })

  scenario('an answer that never ends', { options: { sendTimeoutMs: 3_000 } }, async (stage) => {
    await visitWith(stage, [answers.stallBody()])
    await stage.verdict({ said: 0 })
  })

  scenario('a truncated answer', {}, async (stage) => {
    await visitWith(stage, [answers.truncate(), answers.truncate()])
    await stage.verdict({ said: 0 })
  })

  for (const body of ['', '<html>ok</html>', '{"code":']) {
    scenario(`2xx with the body ${JSON.stringify(body)}`, {}, async (stage) => {
      await visitWith(stage, () => ({ ...answers.accept(), body }))
      await stage.verdict({ said: 0 })
    })
  }

  scenario('slow answers', {}, async (stage) => {
    await visitWith(stage, () => answers.after(2_500))
    await stage.verdict({ said: 0 })
    stage.expect(stage.collector.maxOpen(String(stage.sessionId))).toBe(1)
  })

  scenario('a flapping service', {}, async (stage) => {
    const faults = [answers.status(503), answers.accept(), answers.reset(), answers.accept()]
    await visitWith(stage, ({ index }) => faults[index % faults.length] ?? answers.accept(), 40_000)
    await stage.verdict({ said: 2 })
  })

  scenario('a server that is down for a while', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await stage.collector.down()
    await stage.write(page, 30, 150)
    await stage.collector.restart()
    await stage.rest(page)
    await stage.arrived(40_000)
    await stage.verdict({ duplicates: 20 })
  })

  scenario('offline for a while', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await stage.arrived()
    const network = await networkOf(page)
    await network.offline(true)
    const { length } = stage.collector.uploads
    await stage.write(page, 30, 100)
    await page.waitForTimeout(1_500)
    stage.expect(stage.collector.uploads.length).toBe(length)
    await network.offline(false)
    await stage.rest(page)
    await stage.arrived(20_000)
    await stage.verdict({ said: 0 })
  })

  scenario('413 until the batch is small', {}, async (stage) => {
    await visitWith(stage, ({ elements }) => (elements.length > 8 ? answers.status(413) : answers.accept()))
    await stage.verdict({ said: 0 })
  })

  scenario('413 of a proxy, without headers or JSON', {}, async (stage) => {
    const refusal = { ...answers.status(413), body: '<html>413 Request Entity Too Large</html>' }
    await visitWith(stage, ({ elements }) => (elements.length > 8 ? refusal : answers.accept()))
    await stage.verdict({ said: 0 })
  })

  scenario('a single event that is too large is dropped, and the replay heals', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await stage.arrived()
    stage.collector.script(({ text }) =>
      text.includes('huge huge') ? answers.status(413) : answers.accept(),
    )
    await page.evaluate(() => {
      const huge = document.body.appendChild(document.createElement('div'))
      huge.textContent = 'huge '.repeat(1_000)
      setTimeout(() => huge.remove(), 500)
    })
    await stage.write(page, 20, 100)
    await stage.rest(page)
    await stage.arrived(30_000)
    await stage.verdict()
  })

  for (const status of [400, 422]) {
    scenario(`a poison batch (${status}) does not hold up what follows`, {}, async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 5)
      await stage.arrived()
      const poison = `item ${stage.wrote.at(0)?.[0]}6\\`
      stage.collector.script(({ text }) =>
        text.includes(poison) ? answers.status(status) : answers.accept(),
      )
      await stage.write(page, 40, 100)
      await stage.rest(page)
      await stage.arrived(12_000)
      const tries = stage.collector.uploads.filter(({ kept }) => !kept)
      stage.expect(tries.length).toBeGreaterThan(0)
      stage.expect(new Set(tries.map(({ text }) => text)).size * 2).toBeGreaterThanOrEqual(tries.length)
      await stage.verdict({ lost: (name) => tries.some(({ text }) => text.includes(`item ${name}\\`)) })
    })
  }
}

declare const faultPage: typeof import('../pages/fault-page.ts')

/** When the refused request arrived, and the next one. */
function around(stage: Stage, status: number): (number | undefined)[] {
  const { uploads } = stage.collector
  const refused = uploads.find(({ answer }) => answer.status === status)
  return [refused?.receivedAt, uploads[(refused?.index ?? 0) + 1]?.receivedAt]
}
