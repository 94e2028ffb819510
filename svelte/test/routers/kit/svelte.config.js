// In this mode Svelte puts a new page into the document before effects run, not after.
const isAsync = process.env.SVELTE_ASYNC === 'yes'
const outDir = isAsync ? '.svelte-kit/async' : '.svelte-kit'

/** @type {import('@sveltejs/kit').Config} */
export default {
  compilerOptions: { experimental: { async: isAsync } },
  kit: {
    outDir,
    // A single-page app without an adapter's package: the client, and one page for every address.
    adapter: {
      name: 'single-page',
      async adapt(builder) {
        builder.writeClient(`${outDir}/site`)
        await builder.generateFallback(`${outDir}/site/index.html`)
      },
    },
  },
}
