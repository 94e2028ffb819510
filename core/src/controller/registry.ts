import type { ReplayController } from './types.ts'

interface PageState {
  /** The one controller per plugin name that is started. */
  readonly controllers: Map<string, ReplayController>
  /** Keys with which the kit itself has initialised the Browser SDK on this page. */
  readonly initialised: Set<string>
}

const KEY = Symbol.for('session-replay-kit.page')

/** Shared by every copy of the kit on the page, also by a module that hot replacement has loaded again. */
function pageState(): PageState {
  const page = globalThis as { [KEY]?: PageState }
  page[KEY] ??= { controllers: new Map(), initialised: new Set() }
  return page[KEY]
}

/** Makes `controller` the page's own; returns the one that already is, if there is one. */
export function claimPage(name: string, controller: ReplayController): ReplayController | null {
  const { controllers } = pageState()
  const current = controllers.get(name)
  if (current !== undefined && current !== controller) return current
  controllers.set(name, controller)
  return null
}

export function leavePage(name: string, controller: ReplayController): void {
  const { controllers } = pageState()
  if (controllers.get(name) === controller) controllers.delete(name)
}

/** True once per key and page: a second `amplitude.init` would tear every plugin down. */
export function claimInit(apiKey: string): boolean {
  const { initialised } = pageState()
  if (initialised.has(apiKey)) return false
  initialised.add(apiKey)
  return true
}
