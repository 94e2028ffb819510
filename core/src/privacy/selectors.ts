import { ReplayError, type Report } from '../errors.ts'
import type { CheckedPrivacyConfig } from '../types.ts'
import { asList } from './policy.ts'

/** `data-amp-quarantine` is set by the kit itself on what survives from a restricted route. */
const BUILT_IN = {
  block: ['.amp-block', '[data-amp-block]', '[data-amp-quarantine]'],
  mask: ['.amp-mask', '[data-amp-mask]'],
  unmask: ['.amp-unmask', '[data-amp-unmask]'],
}

/** What makes the text below an element something that a person typed. */
export const EDITABLE = '[contenteditable],[role~="textbox" i],[role~="searchbox" i]'

export interface Markers {
  /** Selectors that the browser accepted, with the built-in ones. */
  readonly block: readonly string[]
  readonly mask: readonly string[]
  readonly unmask: readonly string[]
  /** A block or mask selector could not be used: what it would have hidden is unknown. */
  readonly broken: boolean
}

/**
 * Checks each selector by itself. One that should hide something and is not valid makes the result
 * `broken`; an invalid unmask selector is left out. Both are reported by name.
 */
export function parseMarkers(config: CheckedPrivacyConfig, report: Report): Markers {
  let broken = config.failedClosed === true
  const accept = (option: 'blockSelector' | 'maskSelector' | 'unmaskSelector'): string[] =>
    asList(config[option]).flatMap((entry) => {
      if (typeof entry === 'string' && isSelector(entry)) return [entry]
      const hides = option !== 'unmaskSelector'
      if (typeof entry === 'string' && entry.trim() === '') {
        warn(report, `privacyConfig.${option} has an empty entry, which selects nothing. Remove it.`)
        return []
      }
      broken ||= hides
      warn(
        report,
        `privacyConfig.${option} has an entry that is not a valid CSS selector: ${show(entry)}. ` +
          (hides
            ? 'Until it is corrected, all text, fields and attributes of the page are masked and unmask markers have no effect.'
            : 'It is ignored: what it should reveal stays masked. Correct it.'),
      )
      return []
    })
  const markers = {
    block: [...BUILT_IN.block, ...accept('blockSelector')],
    mask: [...BUILT_IN.mask, ...accept('maskSelector')],
    unmask: [...BUILT_IN.unmask, ...accept('unmaskSelector')],
  }
  return { ...markers, broken }
}

/**
 * Valid alone and harmless in a list: CSS closes what is left open at the end of the text, so
 * `[title="x` is valid by itself and would swallow whatever follows it.
 */
function isSelector(selector: string): boolean {
  const probe = document.createElement('amp-probe')
  try {
    probe.matches(selector)
    return probe.matches(`${selector},amp-probe`)
  } catch {
    return false
  }
}

/** Names of attributes and classes on which the selectors depend, to notice changes of them. */
export function namesIn(selectors: readonly string[]): { attributes: string[]; classes: Set<string> } {
  const text = selectors.join(',')
  const plain = (name: string) => name.replace(/\\(.)/g, '$1')
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => plain(name))
  const attributes = new Set(['class', 'slot', 'contenteditable', 'role'])
  for (const name of all(/\[\s*(?:[\w*-]*\|)?((?:[\w-]|\\.|[^\x20-\x7f])+)/g)) attributes.add(name)
  if (text.includes('#')) attributes.add('id')
  return { attributes: [...attributes], classes: new Set(all(/\.((?:[\w-]|\\.|[^\x20-\x7f])+)/g)) }
}

function warn(report: Report, message: string): void {
  report(new ReplayError('BAD_SELECTOR', message))
}

function show(entry: unknown): string {
  return typeof entry === 'string' ? `"${entry}"` : `${typeof entry} (a string is expected)`
}
