import { copyFile } from 'node:fs/promises'

/** Puts the page beside the scripts. */
const copyPage = {
  apply(compiler) {
    compiler.hooks.afterEmit.tapPromise('page', () => copyFile('index.html', 'dist/index.html'))
  },
}

export default { mode: 'production', entry: './src/index.js', plugins: [copyPage], performance: false }
