import type { Plugin } from 'vite'

/** Rolldown's helper for the namespace of a module that is imported lazily, as far as it has to change. */
const LOOP = /for \(var (\w+) in (all)\)(\s*\{\s*__defProp\(target, \1)/g

/**
 * Makes the bundler's own helper leave inherited names out. On a page that adds to `Object.prototype` it would take
 * those for exports and throw, and nothing would be recorded.
 */
export function ownNamespaces(): Plugin {
  return {
    name: 'session-replay-kit:namespaces',
    renderChunk(code) {
      const changed = code.replace(LOOP, 'for (var $1 of Object.keys($2))$3')
      // Of the same number of lines: the map stays right.
      if (changed !== code) return { code: changed, map: null }
      if (code.includes('__exportAll(')) this.error('The helper for namespaces has another form now.')
      return null
    },
  }
}
