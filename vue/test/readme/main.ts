// main.ts
import { createSessionReplayPlugin } from '@session-replay-kit/vue'
import { createApp } from 'vue'
import App from './App.vue'

const replay = createSessionReplayPlugin({
  apiKey: 'YOUR_API_KEY',
  sampleRate: 0.1,
  routes: { deny: ['/checkout/**'], rules: [{ match: '/account/**', mask: 'conservative' }] },
})

createApp(App).use(replay).mount('#app')
