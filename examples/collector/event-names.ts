import { EventType, IncrementalSource, type ReplayEvent } from '@session-replay-kit/core/testing'

const EVENT_NAMES: Record<number, string> = {
  [EventType.DomContentLoaded]: 'DOM ready',
  [EventType.Load]: 'load',
  [EventType.FullSnapshot]: 'full snapshot',
  [EventType.Meta]: 'page',
  [EventType.Custom]: 'custom',
  [EventType.Plugin]: 'plugin',
}

const SOURCE_NAMES: Record<number, string> = {
  [IncrementalSource.Mutation]: 'mutation',
  [IncrementalSource.MouseMove]: 'mouse move',
  [IncrementalSource.MouseInteraction]: 'mouse',
  [IncrementalSource.Scroll]: 'scroll',
  [IncrementalSource.ViewportResize]: 'resize',
  [IncrementalSource.Input]: 'input',
  [IncrementalSource.TouchMove]: 'touch move',
  [IncrementalSource.MediaInteraction]: 'media',
  [IncrementalSource.StyleSheetRule]: 'style rule',
  [IncrementalSource.CanvasMutation]: 'canvas',
  [IncrementalSource.Font]: 'font',
  [IncrementalSource.Log]: 'log',
  [IncrementalSource.Drag]: 'drag',
  [IncrementalSource.StyleDeclaration]: 'style',
  [IncrementalSource.Selection]: 'selection',
  [IncrementalSource.AdoptedStyleSheet]: 'adopted sheet',
  [IncrementalSource.CustomElement]: 'custom element',
}

/** A name that a person reads, such as `mutation`. */
export function nameOf(event: ReplayEvent): string {
  if (event.type !== EventType.Incremental) return EVENT_NAMES[event.type] ?? `type ${event.type}`
  const { source } = event.data as { source: number }
  return SOURCE_NAMES[source] ?? `source ${source}`
}
