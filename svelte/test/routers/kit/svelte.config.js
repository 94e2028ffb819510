/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    // A single-page app without an adapter's package: the client, and one page for every address.
    adapter: {
      name: 'single-page',
      async adapt(builder) {
        builder.writeClient('.svelte-kit/site')
        await builder.generateFallback('.svelte-kit/site/index.html')
      },
    },
  },
}
