import { createApp, watch } from 'vue'
import App from './App.vue'
import { cartCount } from './cart.ts'
import { replay, track } from './replay.ts'
import { router } from './router.ts'
import { StarRating } from './star-rating.ts'

customElements.define('star-rating', StarRating)
router.afterEach(({ path }, _from, failure) => {
  if (!failure) track('Page Shown', { path })
})
watch(cartCount, (items) => track('Cart Changed', { items }))

createApp(App).use(replay).use(router).mount('#app')
