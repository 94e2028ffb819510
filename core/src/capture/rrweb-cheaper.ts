import type { Change } from './rrweb-change.ts'

/*
 * What the recorder asks the browser more often than it needs to. Each question is small, but there is one for each
 * node and record. The answers stay the same; each change says why. What they gave:
 * `docs/decisions/fewer-questions.md`.
 */

const oneSelector =
  '`record.ts` gives one selector, checked and never empty, the class in it: one question in place of up to four'
const askedBefore = 'the same element, or one above it, was asked about in this very record'
const attached =
  'while records are read the page stands still: what was attached to the document for one record is for the next'

export const cheaper: readonly Change[] = [
  {
    why: oneSelector,
    find: /^function isBlocked\([\s\S]+?^\}$/gm,
    replace: `function isBlocked(node, blockClass, blockSelector, checkAncestors) {
  const el = node && closestElementOfNode(node);
  if (!el) return false;
  return checkAncestors
    ? Element.prototype.closest.call(el, blockSelector) !== null
    : Element.prototype.matches.call(el, blockSelector);
}`,
    times: 1,
  },
  {
    why: oneSelector,
    find: /\b_isBlockedElement\((n, blockClass, blockSelector)\)/g,
    replace: 'isBlocked($1)',
    times: 1,
  },
  {
    why: askedBefore,
    find: /isBlocked\(m\.target, this\.blockClass, this\.blockSelector, false\) \|\| (?=isIgnored\(n,)/g,
    replace: '',
    times: 1,
  },
  {
    why: 'nothing is below a text',
    find: /if \(!isBlocked\(n, this\.blockClass/g,
    replace: 'if (n.nodeType !== 3 && !isBlocked(n, this.blockClass',
    times: 1,
  },
  {
    why: 'comparing texts is cheaper than a selector',
    find: /(isBlocked\(m\.target, this\.blockClass, this\.blockSelector, false\)) \|\| (value === m\.oldValue)/g,
    replace: '$2 || $1',
    times: 1,
  },
  {
    why: attached,
    find: /mutations\.forEach\(this\.processMutation\);/g,
    replace: 'attachedNodes = new WeakSet(); $&',
    times: 1,
  },
  {
    why: attached,
    find: /^function isAncestorRemoved\(/gm,
    replace: `let attachedNodes = new WeakSet();
function isAncestorRemoved(target, mirror2) {
  if (attachedNodes.has(target)) return false;
  if (findRemovedAncestor(target, mirror2)) return true;
  attachedNodes.add(target);
  return false;
}
function findRemovedAncestor(`,
    times: 1,
  },
  {
    why: 'the browser keeps this answer, through shadow trees too',
    find: /return index\.contains\(doc, n\) \|\| shadowHostInDom\(n\);/g,
    replace: 'return getUntaintedAccessor("Node", n, "isConnected");',
    times: 1,
  },
  {
    why: 'only fragments are shadow roots: looking for a property that a node lacks goes through all its prototypes',
    find: /n && "host" in n && "mode" in n && /g,
    replace: 'n && n.nodeType === 11 && "mode" in n && ',
    times: 1,
  },
  {
    why: 'each reading of a property of a record is a call of the browser',
    find: /^ +const target = m\.target;\n/gm,
    replace: '',
    times: 1,
  },
  {
    why: 'belongs to the line above',
    find: /(this\.processMutation = \(\(?|__publicField\(this, "processMutation", )\(m\) => \{/g,
    replace: '$1(m) => {\nconst { target } = m;',
    times: 1,
  },
  { why: 'belongs to the line above', find: /\bm\.target\b/g, replace: 'target', times: 20 },
  {
    why: 'the same of attributes',
    find: /for \(let i = 0; i < len; i\+\+\) \{\s+const attr = (n\.attributes)\[i\];[\s\S]+?^ {4}\}/gm,
    replace: `for (let i = 0; i < len; i++) {
      const { name, value } = $1[i];
      if (!ignoreAttribute(tagName, name, value))
        attributes[name] = transformAttribute(doc, tagName, toLowerCase(name), value);`,
    times: 1,
  },
  {
    why: 'names of custom elements have a hyphen',
    find: /if \(customElements\.get\(tagName\)\)/g,
    replace: 'if (tagName.includes("-") && customElements.get(tagName))',
    times: 1,
  },
  {
    why: 'one look into the map in place of two',
    find: /if \(!mirror2\.hasNode\(doc\)\) return void 0;\s+(const docId = mirror2\.getId\(doc\);)\s+return docId === 1 \?/g,
    replace: '$1 return docId === 1 || docId === -1 ?',
    times: 1,
  },
]
