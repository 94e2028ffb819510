import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: 'es2022',
    rolldownOptions: {
      onwarn(warning, warn) {
        // 'use client' is for frameworks with server components, which this shop has not.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic' } },
  appType: 'spa',
})
