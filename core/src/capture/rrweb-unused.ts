import type { Change } from './rrweb-change.ts'

/*
 * What the recorder can do and this kit never asks for, left out of its text: a page that is recorded downloads
 * every byte of it. Each removal says why the code cannot be reached from `record.ts`. Privacy rests on nothing
 * here: what an event may hold is decided in `privacy/` alone, after serialising.
 *
 * Functions that nobody calls any more are dropped by the bundler; only what keeps them alive is named.
 */

const ownMasks = 'masks of its own are never set: hiding is decided in one place, after serialising'
const ownCanvas = 'canvases are never recorded'
const ownFrames = 'frames of other origins are recorded by `iframes.ts`'
const oneWayIn = 'the recorder is started by `record.ts` alone, always with the same shape of settings'
const compact = 'says the same in fewer bytes, and allocates less for each node'

const functionNamed = (name: string): RegExp => new RegExp(`^function ${name}\\([\\s\\S]+?^\\}$`, 'gm')
const cut = (why: string, find: RegExp, times = 1): Change => ({ why, find, replace: '', times })

export const unused: readonly Change[] = [
  cut(oneWayIn, functionNamed('snapshot')),

  // Masks
  cut(ownMasks, functionNamed('needMaskingText')),
  cut(ownMasks, /^ {2}let \{ needsMask \} = options;\n|^ {2}if \(!needsMask\) \{[\s\S]+?^ {2}\}\n/gm, 2),
  cut(ownMasks, /^ {2}if \(!isStyle && !isScript && textContent2 && needsMask\) \{[\s\S]+?^ {2}\}\n/gm),
  {
    why: ownMasks,
    find: /needMaskingText\(\s+m\.target,[\s\S]+?\) && value \? .+ : value,/g,
    replace: 'value,',
    times: 1,
  },
  cut(ownMasks, /^ {10}if \(attributeName === "value"\) \{[\s\S]+?^ {10}\}\n/gm),
  {
    why: ownMasks,
    find: /maskInputValue\(\{\s+element: (?:n|textarea),[\s\S]+?\}\);/g,
    replace: 'value;',
    times: 2,
  },
  cut(ownMasks, / else if \(maskInputOptions\[tagName\.toLowerCase\(\)\][\s\S]+?^ {4}\}/gm),
  cut(ownMasks, / && !maskInputOptions\["select"\]/g),
  cut(ownMasks, functionNamed('maskInputValue')),
  cut(ownMasks, /^ {2}const maskInputOptions = maskAllInputs === true \? \{[\s\S]+?^ {2}\} : _mask.+\n/gm),

  // Ways in
  {
    why: oneWayIn,
    find: /^ {4}const node = snapshot\(document, \{/gm,
    replace: '    const node = serializeNodeWithId(document, { doc: document, ',
    times: 1,
  },
  { why: oneWayIn, find: /^ {6}slimDOM: slimDOMOptions,$/gm, replace: '      slimDOMOptions,', times: 1 },
  { why: oneWayIn, find: /= slimDOMDefaults\(_slimDOMOptions\)/g, replace: '= _slimDOMOptions', times: 1 },
  cut(oneWayIn, /^ {2}const inEmittingFrame = [\s\S]+?(?=^ {2}mirror\.reset\(\);)/gm),
  {
    why: oneWayIn,
    find: /^ {2}let lastFullSnapshotEvent;[\s\S]+?(?=^ {2}const wrappedMutationEmit)/gm,
    replace: '  wrappedEmit = (event, isCheckout) => emit(event, isCheckout);\n',
    times: 1,
  },
  cut(oneWayIn, /^record\.(?:addCustomEvent|freezePage|takeFullSnapshot) = [\s\S]+?^\};$/gm, 3),
  cut(oneWayIn, /^ {2}mergeHooks\(o, hooks\);$/gm),
  cut(oneWayIn, /^ {4}if \(o\.collectFonts\) \{[\s\S]+?^ {4}\}$/gm),
  cut('of the replayer', /^let _mirror = [\s\S]+?^\};\nif \([\s\S]+?^\}$/gm),
  cut('of the replayer', / {2}if \(n instanceof BaseRRNode [\s\S]+?^ {2}\}$/gm),
  cut('of the replayer', /^class BaseRRNode \{[\s\S]+?^\}$/gm),
  cut('every browser with Proxy has it', /^ {2}polyfill\(\);$/gm),

  cut(
    'the address of a same-origin frame is never kept',
    / && !(?:this\.)?keepIframeSrcFn\((?:attributes\.src|value)\)/g,
    2,
  ),

  // Canvases
  cut(ownCanvas, /^ {2}if \(tagName === "canvas" && recordCanvas\) \{[\s\S]+?^ {2}\}$/gm),
  cut(ownCanvas, /^for \(var i = 0; i < chars\.length[\s\S]+?^\}$/gm),

  // Frames
  cut(ownFrames, /^ {4}if \(this\.recordCrossOriginIframes\)(?: \{[\s\S]+?^ {4}\}|[\s\S]+?\);)$/gm, 2),
  cut(ownFrames, /^ {2}handleMessage\(message\) \{[\s\S]+?(?=^\}\nclass ShadowDomManager)/gm),

  // Option lists
  {
    why: compact,
    find: /^ {2}const _serializedNode = serializeNode\(n, \{[\s\S]+?\}\);/gm,
    replace: '  const _serializedNode = serializeNode(n, options);',
    times: 1,
  },
  {
    why: compact,
    find: /serializeElementNode\(n, \{[\s\S]+?\}\);/g,
    replace: 'serializeElementNode(n, options, rootId);',
    times: 1,
  },
  {
    why: compact,
    find: /^function serializeElementNode\(n, options\) \{\s+const \{[\s\S]+?\} = options;/gm,
    replace: `function serializeElementNode(n, options, rootId) {
  const { doc, blockClass, blockSelector, inlineStylesheet, inlineImages, newlyAddedElement } = options;
  const dataURLOptions = {};`,
    times: 1,
  },
  {
    why: compact,
    find: /serializeNodeWithId\((iframeDoc|n), \{\s+doc(?:: iframeDoc)?,[\s\S]+?keepIframeSrcFn\s+\}\)/g,
    replace:
      'serializeNodeWithId($1, { ...options, doc: $1.nodeType === 9 ? $1 : doc, skipChild: false, newlyAddedElement: false, cssCaptured: false })',
    times: 2,
  },
  {
    why: compact,
    find: /^ {4}const bypassOptions = \{\s+doc,[\s\S]+?\};/gm,
    replace:
      '    const bypassOptions = { ...options, preserveWhiteSpace, newlyAddedElement: false, cssCaptured: false };',
    times: 1,
  },
  {
    why: compact,
    find: /^ {2}init\(options\) \{[\s\S]+?^ {2}\}/gm,
    replace: '  init(options) { Object.assign(this, options); }',
    times: 1,
  },
  cut(
    ownMasks,
    /^ +(?:__publicField\(this, ")?(?:needsMask|maskText(?:Class|Selector|Fn)|maskInput(?:Options|Fn)|maskAllInputs|recordCanvas|keepIframeSrcFn)\b.*\n/gm,
    60,
  ),
  { why: compact, find: /__publicField\(this, "\w+"\);/g, replace: '', times: 28 },
  { why: compact, find: /__publicField\(this, "(\w+)", /g, replace: 'this.$1 = (', times: 34 },
  cut(compact, /^var __(?:defProp|defNormalProp|publicField) = .+$/gm, 3),
]

/**
 * Enumerations as plain numbers; of the others the names are asked for as well.
 */
const inlinedEnumerations = new Set([
  'EventType',
  'IncrementalSource',
  'PointerTypes',
  'MediaInteractions',
  'NodeType',
])

export function inlineEnumerations(text: string): string {
  const enumeration = /^var (\w+) = \/\* @__PURE__ \*\/ \(\(\w+\) => \{([\s\S]+?)^\}\)\(\w+ \|\| \{\}\);$/gm
  let inlined = text
  for (const [whole, name, body] of text.matchAll(enumeration)) {
    if (name === undefined || body === undefined || !inlinedEnumerations.has(name)) continue
    inlined = inlined.replace(whole, '')
    for (const [, member, value] of body.matchAll(/\["(\w+)"\] = (\d+)/g))
      inlined = inlined.replace(new RegExp(`\\b${name}\\.${member}\\b`, 'g'), `${value}`)
    if (new RegExp(`\\b${name}[.[]`).test(inlined))
      throw new Error(`@rrweb/record changed: ${name} is used as a whole`)
  }
  return inlined
}
