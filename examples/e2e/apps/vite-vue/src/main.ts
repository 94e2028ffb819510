import { createSessionReplayPlugin } from '@session-replay-kit/vue'
import { createApp } from 'vue'
import App from './App.vue'

const replay = createSessionReplayPlugin({
  apiKey: 'fresh-app',
  analytics: { autocapture: { sessions: true } },
  sampleRate: 1,
  useWebWorker: true,
})
createApp(App).use(replay).mount('#app')
