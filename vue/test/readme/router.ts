// router.ts
import { createSessionReplayPlugin } from '@session-replay-kit/vue'
import '@session-replay-kit/vue/router' // the type of meta.replay
import { createRouter, createWebHistory } from 'vue-router'
import Profile from './Profile.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: Profile },
    { path: '/checkout', component: () => import('./Checkout.vue'), meta: { replay: 'deny' } },
    { path: '/admin', component: Profile, meta: { replay: { mask: 'conservative' } } },
  ],
})

// In main.ts: createApp(App).use(replay).use(router).mount('#app')
export const replay = createSessionReplayPlugin({ apiKey: 'YOUR_API_KEY', sampleRate: 0.1, router })
