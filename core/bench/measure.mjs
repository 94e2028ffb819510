// One visit of one contestant in a fresh browser context, and what it cost. All CPU is of the thread itself, never
// wall time: the machine has other work.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { startServer } from './server.mjs'
import { openUnwatchedPage } from './unwatched-page.mjs'

/** What a recorder may need to catch up after some work, ms. Wall time, the same for everybody. */
const TAIL_MS = 2000
/** For the first snapshot to be taken, packed and sent. */
const SETTLE_MS = { small: 3000, medium: 4000, large: 7000 }
const IDLE_MS = 5000
/** The slowest flushes every 10 s: who has sent nothing for so long has sent all, or waits for another event. */
const SENT_ALL_MS = 12_000

/** A last batch is packed and sent before what stays on the heap is looked at. */
const HEAP_TAIL_MS = 15_000

/** All kinds of work that one visit can do, in the order in which they are done. */
export const WORKS = ['typing', 'css', 'list', 'animation', 'storm']

/**
 * @param plan `size` of the page; `works` to do; `whole`: stay until all is sent, and look at what does not vary: the
 *   idle page, heap, worker, bytes and requests; `level` of masking; `trace` the first snapshot; `profile` a work or
 *   `snapshot` with V8's profiler; `stormMinutes` of the table storm, for the heap after it.
 */
export async function visit(browser, contestant, files, plan) {
  const server = await startServer(files)
  const page = await openUnwatchedPage(browser)
  try {
    const problems = []
    page.onError((error) => problems.push(error))
    await page.goto(`${server.origin}/page?size=${plan.size}`)
    await wait(500)
    await page.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.send('HeapProfiler.enable')
    await collectGarbage(page)

    const result = { problems, profiles: {} }
    const threads = watchThreads(browser)
    const cpu = async () => (await metricsOf(page)).ThreadTime * 1000
    const profiled = async (name, run) => {
      if (plan.profile !== name) return run()
      await page.send('Profiler.enable')
      await page.send('Profiler.setSamplingInterval', { interval: 500 })
      await page.send('Profiler.start')
      await run()
      const { profile } = await page.send('Profiler.stop')
      result.profiles[name] = profile
    }

    const trace = plan.trace ? await startTrace(browser) : undefined
    const before = await cpu()
    await profiled('snapshot', async () => {
      if (contestant.build) {
        const settings = { intake: server.intake, worker: contestant.worker, level: plan.level ?? 'medium' }
        await page.evaluate(
          async ([entry, given]) => (await import(entry)).start(given),
          [`${server.origin}/built/entry.js`, settings],
        )
      }
      await wait(SETTLE_MS[plan.size])
    })
    result.snapshot = (await cpu()) - before
    if (trace) result.longestTask = (await trace.stop()).longestTask

    if (plan.whole) {
      const tracing = await startTrace(browser)
      const requestsBefore = server.received.all.length
      const startedAt = await cpu()
      await wait(IDLE_MS)
      result.idle = (await cpu()) - startedAt
      const { timers, tasks } = await tracing.stop()
      Object.assign(result, {
        idleTimers: timers,
        idleTasks: tasks,
        idleRequests: server.received.all.length - requestsBefore,
      })
    }
    for (const work of plan.works ?? []) {
      const startedAt = await cpu()
      await profiled(work, async () => {
        await page.evaluate((name) => window.workloads[name](), work)
        await wait(TAIL_MS)
      })
      result[work] = (await cpu()) - startedAt
    }

    if (plan.stormMinutes) {
      const endAt = Date.now() + plan.stormMinutes * 60_000
      while (Date.now() < endAt) await page.evaluate(() => window.workloads.storm())
      await wait(HEAP_TAIL_MS)
      await collectGarbage(page)
      result.heap = (await metricsOf(page)).JSHeapUsedSize
    }
    if (plan.whole) {
      await wait(TAIL_MS)
      await collectGarbage(page)
      result.heap = (await metricsOf(page)).JSHeapUsedSize
      result.workerCpu = await threads()
    }
    // All is measured. Some send only when more happens on the page.
    for (let tries = 0; contestant.uploads && !server.received.sawSnapshot && tries < 100; tries++) {
      await page.click(5, 5)
      await wait(100)
    }
    // Bytes and requests are compared, so everybody sends all that was recorded before the page is left; some do only
    // when something happens.
    if (contestant.uploads && plan.whole) {
      await untilAllIsSent(server.received)
      await page.click(5, 5)
      await wait(TAIL_MS)
    }
    await page.goto('about:blank')
    await wait(500)
    const { bytes, requests, sawSnapshot, otherRequests, all } = server.received
    if (plan.whole) Object.assign(result, { bytes, requests, otherRequests })
    result.scripts = [...server.loaded]
    if (contestant.uploads && !sawSnapshot)
      throw new Error(
        `${contestant.name} has not uploaded a snapshot: ${all.join(', ')} ${problems.join('; ')}`,
      )
    return result
  } finally {
    await page.close()
    await server.stop()
  }
}

async function untilAllIsSent(received) {
  for (let before = -1; before < received.requests; ) {
    before = received.requests
    await wait(SENT_ALL_MS)
  }
}

async function metricsOf(page) {
  const { metrics } = await page.send('Performance.getMetrics')
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}

async function collectGarbage(page) {
  for (let n = 0; n < 3; n++) await page.send('HeapProfiler.collectGarbage')
}

/** Records what the main threads of pages do, by their own clocks. */
async function startTrace(browser) {
  await browser.startTracing(undefined, {
    categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  })
  return {
    async stop() {
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString())
      return readTrace(traceEvents)
    },
  }
}

const TIMER_EVENTS = new Set(['TimerFire', 'FireAnimationFrame', 'FireIdleCallback'])

function readTrace(events) {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  )
  const own = events.filter(({ pid, tid }) => mains.has(`${pid}/${tid}`))
  const tasks = own.filter(({ name }) => /RunTask$/.test(name))
  return {
    // `tdur`: CPU of the thread, in µs.
    longestTask: Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    tasks: tasks.length,
    timers: own.filter(({ name }) => TIMER_EVENTS.has(name)).length,
  }
}

/** CPU of all worker threads of the browser's pages from now on, in ms; unknown where there is no `/proc`. */
function watchThreads(browser) {
  const read = async () => {
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    await session.detach()
    let sum = 0
    for (const { id, type } of processInfo) if (type === 'renderer') sum += workerCpu(id)
    return sum
  }
  const before = read()
  return async () => (await read()) - (await before)
}

function workerCpu(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .filter((tid) => readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').startsWith('DedicatedWorker'))
      .map((tid) => Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
      .reduce((sum, ms) => sum + ms, 0)
  } catch {
    return Number.NaN
  }
}
