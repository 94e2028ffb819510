import { type App, createApp } from 'vue'
import Shop from './App.vue'
import type * as replayModule from './replay.ts'

export function start({ replay, edition }: typeof replayModule): App {
  const app = createApp(Shop).use(replay)
  app.mount('#root')
  document.documentElement.dataset.edition = edition
  return app
}
