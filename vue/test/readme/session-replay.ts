// app/plugins/session-replay.ts; in Nuxt 3 plugins/session-replay.ts
import { installSessionReplay } from '@session-replay-kit/vue/nuxt'
import { defineNuxtPlugin, useRuntimeConfig } from '#imports'

export default defineNuxtPlugin((nuxtApp) => {
  installSessionReplay(nuxtApp, {
    apiKey: useRuntimeConfig().public.amplitudeKey,
    sampleRate: 0.1,
    routes: { deny: '/checkout/**' },
  })
})
