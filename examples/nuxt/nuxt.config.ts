export default defineNuxtConfig({
  compatibilityDate: '2025-07-15',
  css: ['../../frameworks/shop.css'],
  app: { head: { title: 'Fern & Field', link: [{ rel: 'icon', href: 'data:,' }] } },
  // `NUXT_PUBLIC_COLLECTOR_URL` sets it. The local collector stands in for Amplitude's servers.
  runtimeConfig: { public: { collectorUrl: 'http://localhost:4400' } },
  telemetry: false,
})
