import { defineConfig } from 'vite'

const ENTRIES = ['index', 'props', 'react-router', 'tanstack-router', 'next', 'devtools']

// One file per module: each keeps its own 'use client', and what needs no client stays usable on the server.
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', development: false } },
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: {
      entry: Object.fromEntries(ENTRIES.map((name) => [name, `src/${name}.ts`])),
      formats: ['es'],
    },
    rolldownOptions: {
      // The directives are kept, which a test makes sure of; the warning only supposes that they may not be.
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
      external: [/^react($|\/)/, /^react-router/, /^@tanstack\//, /^next\//, /^@session-replay-kit\//],
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
})
