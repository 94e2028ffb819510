import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './bootstrap.mjs'

/** A job of its own: the types of all packages. Everything else is a turn, a list of projects that Vitest runs at once. */
export const TYPES = 'types'

// What runs one after the other: stages. What runs side by side in a stage: lanes, each a list of jobs. Most are alone:
// browsers that share two cores with something else miss the moments that their tests are about.
const alone = (...projects) => [[projects]]
const FAST = [
  // One tab leaves a core free.
  [[['core-browser']], [['core', 'react', 'react-18', 'vue', 'svelte', 'svelte-ssr', 'collector'], TYPES]],
]
const SLOW = [
  alone('react-browser', 'vue-browser', 'vue-readme-browser', 'svelte-browser', 'svelte-routers'),
  [[['core-whole']], [['core-soak']]],
  alone('core-privacy'),
  alone('core-faults'),
  alone('core-orders', 'examples-frameworks', 'docs'),
  [[['examples-visits']], [['e2e-packages'], ['docs-browser']]],
]
/** `npm run test:browsers` names them: they need browsers that not everybody has. */
const BY_NAME = ['core-firefox', 'core-webkit']

/** The stages of a run. A project of the workspace that no turn names is an error. */
export function stagesOf(extent) {
  const named = [...FAST, ...SLOW].flat(2).filter((job) => job !== TYPES)
  const known = [...named, BY_NAME].flat()
  const missing = workspaceProjects().filter((name) => !known.includes(name))
  if (missing.length > 0) throw new Error(`No turn in examples/setup/test-turns.mjs runs ${missing}.`)
  return extent === 'all' ? [...FAST, ...SLOW] : FAST
}

function workspaceProjects() {
  const workspace = readFileSync(join(ROOT, 'vitest.workspace.ts'), 'utf8')
  const [, list = ''] = /projects: \[([\s\S]+?)\]/.exec(workspace) ?? []
  return [...list.matchAll(/'([^']+)'/g)].map(([, path]) => {
    const config = path.endsWith('.ts') ? path : `${path}/vitest.config.ts`
    return /name: '([^']+)'/.exec(readFileSync(join(ROOT, config), 'utf8'))[1]
  })
}
