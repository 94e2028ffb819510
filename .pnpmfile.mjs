// What `pnpm pack` and `pnpm publish` leave out of the manifest. Apps get the built files alone: the `source` condition
// is for this repository, and a bundler that knows a condition of that name must not look for our sources.
export const hooks = {
  beforePacking({ scripts: _scripts, devDependencies: _devDependencies, ...manifest }) {
    const exports = Object.entries(manifest.exports).map(([door, target]) => [door, published(target)])
    return { ...manifest, exports: Object.fromEntries(exports) }
  },
}

function published(target) {
  if (typeof target === 'string') return target
  const { source: _source, ...conditions } = target
  return conditions
}
