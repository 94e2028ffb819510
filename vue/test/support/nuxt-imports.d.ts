/** As much of what Nuxt generates as the example in the README uses. */
declare module '#imports' {
  import type { NuxtAppLike } from '@session-replay-kit/vue/nuxt'

  export function defineNuxtPlugin(plugin: (nuxtApp: NuxtAppLike) => void): unknown
  export function useRuntimeConfig(): { public: { amplitudeKey: string } }
}
