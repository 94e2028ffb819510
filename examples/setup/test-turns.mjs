import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './bootstrap.mjs'

// The projects of a turn run at the same time; what measures time or drives whole browsers has a turn of its own.
const FAST = [['core', 'react', 'react-18', 'vue', 'svelte', 'svelte-ssr', 'collector'], ['core-browser']]
const SLOW = [
  ['react-browser', 'vue-browser', 'vue-readme-browser', 'svelte-browser', 'svelte-routers'],
  ['core-whole'],
  ['core-privacy'],
  ['core-faults'],
  ['core-orders', 'examples-frameworks', 'docs'],
  ['docs-browser'],
  ['examples-visits'],
  ['e2e-packages'],
]
/** `npm run test:browsers` names them: they need browsers that not everybody has. */
const BY_NAME = ['core-firefox', 'core-webkit']

/** The test projects of a run, in turns. A project of the workspace without a turn is an error. */
export function turnsOf(extent) {
  const known = [...FAST, ...SLOW, BY_NAME].flat()
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
