import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Application } from 'typedoc'
import { ROOT } from '../../setup/bootstrap.mjs'

/** One page per door of each package, from the docstrings in the built declarations. */
export async function writeApi(folder) {
  const doors = new Map(['core', 'react', 'vue', 'svelte'].flatMap(doorsOf))
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [...doors.keys()],
    tsconfig: join(import.meta.dirname, 'tsconfig.json'),
    basePath: ROOT,
    skipErrorChecking: true,
    excludeExternals: true,
    excludePrivate: true,
    readme: 'none',
    disableSources: true,
    logLevel: 'Error',
    // One file per door: names can be searched for on its page.
    router: 'module',
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    flattenOutputFiles: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
  })
  const project = await app.convert()
  if (!project) throw new Error('The API pages could not be made.')
  const byModule = new Map([...doors].map(([file, door]) => [moduleName(file), door]))
  for (const module of project.children ?? []) module.name = byModule.get(module.name) ?? module.name
  project.name = 'API'
  await app.outputs.writeOutput({ name: 'markdown', path: folder }, project)
}

/** `[declaration file, name to import]` of each door that has types. */
function doorsOf(folder) {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
  return Object.entries(exports).flatMap(([door, to]) =>
    typeof to === 'object' && to.types ? [[join(ROOT, folder, to.types), door.replace('.', name)]] : [],
  )
}

/** As TypeDoc names a module: its path without ending. */
const moduleName = (file) => relative(ROOT, file).replace(/(\/index)?\.d\.ts$/, '')
