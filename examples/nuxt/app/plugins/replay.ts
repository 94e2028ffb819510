import { installSessionReplay } from '@session-replay-kit/vue/nuxt'

/**
 * On the server this makes the directives known, in the browser it records. In production, leave out the three
 * addresses, give your own API key and a lower `sampleRate`.
 */
export default defineNuxtPlugin((nuxtApp) => {
  const { collectorUrl } = useRuntimeConfig().public
  installSessionReplay(nuxtApp, {
    apiKey: 'demo-nuxt',
    analytics: {
      serverUrl: `${collectorUrl}/2/httpapi`,
      // Both send the title of the document, which is a secret on the checkout.
      autocapture: { pageViews: false, pageUrlEnrichment: false },
      fetchRemoteConfig: false,
    },
    sampleRate: 1,
    configServerUrl: `${collectorUrl}/config`,
    trackServerUrl: `${collectorUrl}/sessions/v2/track`,
  })
})
