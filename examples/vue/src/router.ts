import '@session-replay-kit/vue/router'
import { createRouter, createWebHistory } from 'vue-router'
import CataloguePage from './pages/CataloguePage.vue'
import { role } from './visitor.ts'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: CataloguePage },
    { path: '/product/:id', component: () => import('./pages/ProductPage.vue'), props: true },
    { path: '/cart', component: () => import('./pages/CartPage.vue') },
    { path: '/stock', component: () => import('./pages/StockPage.vue') },
    { path: '/account', component: () => import('./pages/AccountPage.vue') },
    // Nothing of this page is ever recorded.
    { path: '/checkout', component: () => import('./pages/CheckoutPage.vue'), meta: { replay: 'deny' } },
    { path: '/thanks', component: () => import('./pages/ThanksPage.vue') },
    {
      // Only for staff, and recorded without a readable word. Holds for all pages below.
      path: '/admin',
      component: () => import('./pages/AdminPage.vue'),
      meta: { replay: { mask: 'conservative' } },
      beforeEnter: () => role.value === 'staff' || '/account',
    },
    { path: '/:rest(.*)', component: () => import('./pages/NotFound.vue') },
  ],
})
