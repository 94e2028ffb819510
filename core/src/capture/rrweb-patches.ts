import type { Change } from './rrweb-change.ts'
import { cheaper } from './rrweb-cheaper.ts'
import { inlineEnumerations, unused } from './rrweb-unused.ts'

/*
 * Build-time changes to the recorder's text, as a Vite plugin. rrweb's `stop()` leaves much behind and the
 * page's own errors pass through its hands; both can only be mended inside. Each change says why, is small,
 * and must match the published text exactly as often as stated, so that an upgrade which moves the ground
 * fails the build instead of silently losing a fix.
 */

const mends: readonly Change[] = [
  {
    why: 'methods that are looked for among accessors count as changed by the page, and so do those that only Chromium has: then an empty frame is put into the page, in Safari until the end',
    find: /ShadowRoot: \["getSelection"\],\s+Element: \[\]/g,
    replace: 'ShadowRoot: [], Element: ["querySelector", "querySelectorAll"]',
    times: 1,
  },
  {
    why: 'belongs to the line above',
    find: /Element: \["shadowRoot", "querySelector", "querySelectorAll"\]/g,
    replace: 'Element: ["shadowRoot"]',
    times: 1,
  },
  {
    why: 'restoring blindly undoes wrappers that the page installed after ours, and errors of the observer reach the page; `patch` of the room does neither',
    find: /^function patch\(/gm,
    replace: 'function rrwebPatch(',
    times: 1,
  },
  {
    why: 'listeners are guarded and end with the room',
    find: /^function on\(/gm,
    replace: 'function rrwebOn(',
    times: 1,
  },
  {
    why: 'the page must see results and errors of its own calls unchanged, whatever the recorder does',
    find: /(?<!_mirror = )new Proxy\(/g,
    replace: 'observeCalls(',
    times: 8,
  },
  {
    why: 'records are gathered for a moment: rrweb reads live values, so of repetitions the first is enough',
    find: /new ObserverCtor\(\s+(callbackWrapper\(mutationBuffer\.processMutations\.bind\(mutationBuffer\)\))\s+\)/g,
    replace: 'observeMutations(ObserverCtor, $1)',
    times: 1,
  },
  {
    why: 'parsing the old style of each change is half the cost of an animation; only a long style is smaller as a difference',
    find: /if \(attributeName === "style"\) \{/g,
    replace:
      'if (attributeName === "style" && value !== null && value.length > 200) {\nitem.hasStyleDiff = true;',
    times: 1,
  },
  {
    why: 'belongs to the line above',
    find: /if \(typeof attributes\.style === "string"\) \{/g,
    replace: 'if (attribute.hasStyleDiff && typeof attributes.style === "string") {',
    times: 1,
  },
  {
    why: 'styles are given back to the window of a frame, which may be that of another page then, or of another origin and throw',
    find: /init(StyleSheet|StyleDeclaration)Observer\(o, \{\s*win: currentWindow\s*\}\)/g,
    replace: 'init$1Observer(o, { win: styleInterfaces(currentWindow) })',
    times: 2,
  },
  {
    why: 'load listeners on frames and stylesheets are never removed: after stop each load of a frame wraps its natives again',
    find: /\b(iframeEl|link)\.addEventListener\("load",/g,
    replace: 'listen($1, "load",',
    times: 4,
  },
  {
    why: 'the list of mutation buffers only grows and holds documents of removed frames; the last input values outlive a pause and hide a change back',
    find: /processedNodeManager\.destroy\(\);\s+recording = false;/g,
    replace: 'mutationBuffers.length = 0; lastInputValueMap = new WeakMap(); recording = false;',
    times: 1,
  },
  {
    why: 'needs to be replaceable for the line above',
    find: /^const lastInputValueMap = /gm,
    replace: 'let lastInputValueMap = ',
    times: 1,
  },
  {
    why: 'the accessor of adoptedStyleSheets belongs to the prototype: restoring means to delete the own one',
    find: /return callbackWrapper\(\(\) => \{\s+Object\.defineProperty\(host2, "adoptedStyleSheets", \{[^}]+\}\);\s+\}\);/g,
    replace: 'return callbackWrapper(() => { delete host2.adoptedStyleSheets; });',
    times: 1,
  },
  {
    why: 'a form with a field called `childNodes` makes the loop throw, and the whole change is lost',
    find: /if \(n\.childNodes\) \{\s+n\.childNodes\.forEach\(/g,
    replace: '{ index.childNodes(n).forEach(',
    times: 1,
  },
  {
    why: 'relative addresses are read anew when that of the page changes: a sheet that the page has was not found by it, and the replay had none',
    find: /Array\.from\(doc\.styleSheets\)\.find\(\(s\) => \{\s+return s\.href === n\.href;\s+\}\)/g,
    replace: 'n.sheet',
    times: 1,
  },
  {
    why: 'one record may remove and add the same node, in that order: taken the other way round, the node and what is below it are lost',
    find: /(m\.addedNodes\.forEach\([^;]+;)(\s+m\.removedNodes\.forEach\([\s\S]+?this\.mapRemoves\.push\(n\);\s+\}\);)/g,
    replace: '$2 $1',
    times: 1,
  },
  {
    why: 'a text has no children: asking the browser makes a list each time, for half of all nodes',
    find: /return (getUntaintedAccessor\("Node", n, "childNodes"\));/g,
    replace: 'return n.nodeType === 3 ? [] : $1;',
    times: 1,
  },
  {
    why: 'canvases are never recorded: their recorder and its worker are a tenth of the code, and build a Blob on import',
    find: /^class CanvasManager \{[\s\S]+?^\}$/gm,
    replace: 'class CanvasManager { reset() {} freeze() {} unfreeze() {} lock() {} unlock() {} }',
    times: 1,
  },
  {
    why: 'belongs to the canvas recorder',
    find: /^const blob = typeof self .+$/gm,
    replace: '',
    times: 1,
  },
  {
    why: 'belongs to the canvas recorder',
    find: /^function WorkerWrapper\([\s\S]+?^\}$/gm,
    replace: '',
    times: 1,
  },
]

const roomNames =
  'clearTimeout, console, listen, observeCalls, observeMutations, on, patch, requestAnimationFrame, setTimeout, styleInterfaces'

/** The recorder's text with all changes. Throws if the text is not the one that the changes were written for. */
export function patchRecorder(text: string, roomPath: string): string {
  let patched = text
  for (const { find, replace, times, why } of [...mends, ...unused, ...cheaper]) {
    const found = patched.match(find)?.length ?? 0
    if (found !== times)
      throw new Error(`@rrweb/record changed: ${find} matches ${found} times, not ${times} (${why})`)
    patched = patched.replace(find, replace)
  }
  return `import { ${roomNames} } from ${JSON.stringify(roomPath)};\n${inlineEnumerations(patched)}`
}

/**
 * Applies the changes wherever `@rrweb/record` is bundled or served. In development and tests the package
 * must not be pre-bundled: list it in `optimizeDeps.exclude` (the plugin does so itself).
 */
export function rrwebPatches() {
  return {
    name: 'session-replay-kit:rrweb-patches',
    enforce: 'pre' as const,
    config: () => ({ optimizeDeps: { exclude: ['@rrweb/record'] } }),
    transform(text: string, id: string) {
      if (!/@rrweb[\\/]record[\\/]dist[\\/]record\.js(\?|$)/.test(id)) return null
      return {
        code: patchRecorder(text, `${import.meta.dirname}/rrweb-room.ts`),
        map: null,
      }
    },
  }
}
