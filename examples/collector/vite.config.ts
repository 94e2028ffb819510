import { defineConfig } from 'vite'

// The viewer: everything it needs is in dist/viewer, so that it works without a network.
export default defineConfig({
  root: `${import.meta.dirname}/viewer`,
  base: './',
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    outDir: '../dist/viewer',
    emptyOutDir: true,
    // The page's policy allows no data: scripts, and one file less is not worth an exception.
    assetsInlineLimit: 0,
  },
})
