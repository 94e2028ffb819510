import { ref, watch } from 'vue'

/** Who is here and what they have agreed to. A real shop would ask its server. */
export const role = ref<'customer' | 'staff'>(
  sessionStorage.getItem('shop-role') === 'staff' ? 'staff' : 'customer',
)
export const consent = ref(localStorage.getItem('shop-consent'))

watch(role, (value) => sessionStorage.setItem('shop-role', value))
watch(consent, (value) => localStorage.setItem('shop-consent', value ?? ''))
