import type { AmplitudeLike, ReplayController, ReplayOptions } from './types.ts'

/** The controller that is started on this page. */
export interface Tenant {
  readonly controller: ReplayController
  readonly options: ReplayOptions
  /** Those that follow it and keep it going. */
  readonly keepers: Set<Pick<Tenant, 'isLeaving'>>
  /** Nobody wants it any more; it waits out its grace period. */
  isLeaving(): boolean
}

/** A former controller whose plugin may still be in the Browser SDK, where it keeps the name from others. */
interface Leaver {
  readonly controller: ReplayController
  /** The client that will set its plugin up once it is initialised, perhaps never; null when nothing is queued. */
  readonly queuedIn: AmplitudeLike | null
  gone: Promise<void>
  forget(): void
}

interface PageState {
  /** One per plugin name. */
  readonly tenants: Map<string, Tenant>
  /** Those of each plugin name. */
  readonly leaving: Map<string, Set<Leaver>>
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
  for (const leaver of leaving.get(name) ?? []) if (leaver.controller === tenant.controller) leaver.forget()
  return null
}

/** `gone` resolves when the plugin of `controller` is out of the Browser SDK. */
export function leavePage(
  name: string,
  controller: ReplayController,
  queuedIn: AmplitudeLike | null,
  gone: Promise<void>,
): void {
  const { tenants, leaving } = pageState()
  if (tenants.get(name)?.controller !== controller) return
  tenants.delete(name)
  const leavers = leaving.get(name) ?? new Set()
  leaving.set(name, leavers)
  const leaver: Leaver = { controller, queuedIn, gone: Promise.resolve(), forget: () => {} }
  const kept = new Promise<void>((resolve) => {
    leaver.forget = resolve
  })
  leaver.gone = Promise.race([gone, kept]).then(() => {
    leavers.delete(leaver)
  })
  leavers.add(leaver)
}

/**
 * Resolves when `client` can take a plugin of this name; null when it can already. What waits for the initialisation of
 * another client is not waited for: that may never come.
 */
export function whenFree(name: string, client: AmplitudeLike | null): Promise<unknown> | null {
  const inTheWay = [...(pageState().leaving.get(name) ?? [])].filter(
    ({ queuedIn }) => queuedIn === null || queuedIn === client,
  )
  return inTheWay.length === 0 ? null : Promise.all(inTheWay.map(({ gone }) => gone))
}

/** True once per key and page: a second `amplitude.init` would tear every plugin down. */
export function claimInit(apiKey: string): boolean {
  const { initialised } = pageState()
  if (initialised.has(apiKey)) return false
  initialised.add(apiKey)
  return true
}
