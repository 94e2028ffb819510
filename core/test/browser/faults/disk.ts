import * as answers from '../../support/answers.ts'
import type { Scenario, StageSettings } from '../../support/fault-stage.ts'

/** What becomes of the database while it is in use. */
export function diskFaults(scenario: Scenario): void {
  scenario(
    'the page deletes the database during the visit, then crashes',
    { browser: 'shell' },
    async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 15)
      const wasFree = await page.evaluate(async () => {
        const { name = '' } = (await indexedDB.databases()).find(({ name }) => name?.includes('kit')) ?? {}
        return new Promise<boolean>((resolve) => {
          const deleting = indexedDB.deleteDatabase(name)
          deleting.onsuccess = () => resolve(true)
          deleting.onblocked = () => resolve(false)
        })
      })
      stage.expect(wasFree).toBe(true)
      await page.waitForTimeout(1_200)
      // From here on everything is on disk again.
      stage.collector.script(() => answers.reset())
      await stage.write(page, 15)
      await stage.second(page)
      await stage.browser.crash(page)
      stage.collector.script([])
      await stage.visit()
      await stage.arrived(8_000)
      await stage.verdict({ rebuild: false })
    },
  )

  scenario('developer tools delete the database during the visit', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 15)
    const session = await page.context().newCDPSession(page)
    await session.send('IndexedDB.enable')
    const where = { securityOrigin: stage.origin }
    const { databaseNames } = await session.send('IndexedDB.requestDatabaseNames', where)
    stage.expect(databaseNames.length).toBeGreaterThan(0)
    for (const databaseName of databaseNames)
      await session.send('IndexedDB.deleteDatabase', { ...where, databaseName })
    await stage.write(page, 25, 100)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict()
  })

  scenario('another page asks for a newer version of the database', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 15)
    const other = await stage.visit({ record: 'no' })
    await other.evaluate(async () => {
      for (const { name = '', version = 1 } of await indexedDB.databases()) {
        await new Promise((resolve, reject) => {
          const opening = indexedDB.open(name, version + 1)
          opening.onsuccess = resolve
          opening.onblocked = reject
        })
      }
    })
    await stage.write(page, 15)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 1 })
  })

  scenario('the origin may use nothing at all of the disk', {}, async (stage) => {
    const page = await stage.visit({ record: 'no' })
    const session = await page.context().newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin: stage.origin, quotaSize: 0 })
    await stage.beginOn(page)
    await stage.write(page, 30)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict()
  })

  for (const [what, settings] of Object.entries<StageSettings>({
    'no request is ever answered': script(`
      const { addEventListener } = EventTarget.prototype
      IDBRequest.prototype.addEventListener = function (...args) {
        if (this instanceof IDBOpenDBRequest) addEventListener.apply(this, args)
      }`),
    'transactions never end': script(`IDBTransaction.prototype.addEventListener = () => {}`),
    'nothing is answered any more, later': script(`setTimeout(() => {
      IDBRequest.prototype.addEventListener = IDBTransaction.prototype.addEventListener = () => {}
    }, 2000)`),
    'deleting from IndexedDB fails': script(
      `IDBObjectStore.prototype.delete = () => { throw new DOMException('broken', 'UnknownError') }`,
    ),
    'IndexedDB opens late': script(`
      const { addEventListener } = EventTarget.prototype
      IDBOpenDBRequest.prototype.addEventListener = function (type, run, options) {
        const late = (event) => setTimeout(() => run.call(this, event), 3000)
        addEventListener.call(this, type, type === 'success' ? late : run, options)
      }`),
    'transactions cannot be committed by hand': script(`delete IDBTransaction.prototype.commit`),
    'transactions abort by themselves': script(`
      const { transaction } = IDBDatabase.prototype
      let calls = 0
      IDBDatabase.prototype.transaction = function (...args) {
        const made = transaction.apply(this, args)
        if (++calls % 4 === 0) setTimeout(() => { try { made.abort() } catch {} })
        return made
      }`),
  })) {
    scenario(`disk: ${what}`, settings, async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 40, 100)
      await page.waitForTimeout(3_000)
      await stage.write(page, 10, 100)
      await stage.rest(page)
      await stage.arrived()
      await stage.verdict()
    })
  }
}

const script = (code: string): StageSettings => ({ head: `<script>{${code}}</script>` })
