import type { ReplayController, ReplayOptions } from './types.ts'

/** The controller that is started on this page. */
export interface Tenant {
  readonly controller: ReplayController
  readonly options: ReplayOptions
  /** Those that follow it and keep it going. */
  readonly keepers: Set<Pick<Tenant, 'isLeaving'>>
  /** Nobody wants it any more; it waits out its grace period. */
  isLeaving(): boolean
}

interface PageState {
  /** One per plugin name. */
  readonly tenants: Map<string, Tenant>
  /** Former ones whose plugin may still be in the Browser SDK, where it keeps the name from others. */
  readonly leaving: Map<string, { controller: ReplayController; gone: Promise<void>; forget(): void }>
  /** Keys with which the kit itself has initialised the Browser SDK on this page. */
  readonly initialised: Set<string>
}

const KEY = Symbol.for('session-replay-kit.page')

/** Shared by every copy of the kit on the page, also by a module that hot replacement has loaded again. */
function pageState(): PageState {
  const page = globalThis as { [KEY]?: PageState }
  page[KEY] ??= { tenants: new Map(), leaving: new Map(), initialised: new Set() }
  return page[KEY]
}

/** Makes `tenant` the page's own; returns the one that already is, if there is another one. */
export function claimPage(name: string, tenant: Tenant): Tenant | null {
  const { tenants, leaving } = pageState()
  const current = tenants.get(name)
  if (current !== undefined && current.controller !== tenant.controller) return current
  tenants.set(name, tenant)
  // It stays after all: whoever waited for its end waits for nothing.
  const last = leaving.get(name)
  if (last?.controller === tenant.controller) last.forget()
  return null
}

/** `gone` resolves when the plugin of `controller` is out of the Browser SDK. */
export function leavePage(name: string, controller: ReplayController, gone: Promise<void>): void {
  const { tenants, leaving } = pageState()
  if (tenants.get(name)?.controller !== controller) return
  tenants.delete(name)
  const entry = { controller, gone: Promise.resolve(), forget: () => {} }
  const before = leaving.get(name)?.gone
  const kept = new Promise<void>((resolve) => {
    entry.forget = resolve
  })
  const forget = (): void => {
    if (leaving.get(name) === entry) leaving.delete(name)
  }
  entry.gone = Promise.race([Promise.all([before, gone]).then(() => {}), kept]).then(forget)
  leaving.set(name, entry)
}

/** Resolves when the Browser SDK can take a plugin of this name; null when it can already. */
export const whenFree = (name: string): Promise<void> | null => pageState().leaving.get(name)?.gone ?? null

/** True once per key and page: a second `amplitude.init` would tear every plugin down. */
export function claimInit(apiKey: string): boolean {
  const { initialised } = pageState()
  if (initialised.has(apiKey)) return false
  initialised.add(apiKey)
  return true
}
