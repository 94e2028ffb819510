import {
  type Component,
  defineComponent,
  h,
  nextTick,
  onActivated,
  onDeactivated,
  onMounted,
  onUnmounted,
  ref,
  Teleport,
} from 'vue'
import { onBeforeRouteLeave } from 'vue-router'

/** A page that everybody may see. */
export const openPage = (title: string): Component =>
  defineComponent(
    () => () =>
      h('section', { class: 'open', id: title }, [
        h('h1', title),
        h('p', `Everybody may read about ${title}.`),
        h('input', { placeholder: `Search ${title}` }),
      ]),
  )

/** One whose data takes longer to come than a restricted screen is waited for. Meanwhile something else goes. */
export const waitingPage = (title: string): Component =>
  defineComponent({
    async setup() {
      setTimeout(() => document.querySelector('#menu')?.remove(), 100)
      await new Promise((resolve) => setTimeout(resolve, 2000))
      return () => h(openPage(title))
    },
  })

/** A page whose secret is in texts, attributes, fields and the title, and keeps changing. */
export const secretPage = (secret: string): Component =>
  defineComponent(() => {
    const tick = ref(0)
    let timer: ReturnType<typeof setInterval> | undefined
    const enter = (): void => {
      document.title = secret
      clearInterval(timer)
      timer = setInterval(() => tick.value++, 30)
    }
    const leave = (): void => {
      clearInterval(timer)
      document.title = 'Routers'
    }
    onMounted(enter)
    onActivated(enter)
    onDeactivated(leave)
    onUnmounted(leave)
    return () =>
      h('section', { class: 'restricted' }, [
        h('h1', secret),
        h('p', { title: secret, 'data-note': secret }, `${secret} ${tick.value}`),
        h('input', { value: `${secret} ${tick.value}`, 'aria-label': secret }),
        h('a', { href: `/?token=${secret}` }, [h('b', secret)]),
      ])
  })

/** A page that asks, in a dialog of its own, before it is left, for longer than a restricted screen is waited for. */
export const askingPage = (secret: string): Component =>
  defineComponent(() => {
    const isAsking = ref(false)
    onBeforeRouteLeave(async () => {
      isAsking.value = true
      await nextTick()
      await new Promise((resolve) => setTimeout(resolve, 2000))
    })
    return () => [
      h('p', { class: 'restricted' }, [h('progress')]),
      isAsking.value && h(Teleport, { to: 'body' }, h('p', { class: 'restricted', id: 'asking' }, secret)),
    ]
  })

/** Recorded, but masked by its route. */
export const maskedPage = (secret: string): Component =>
  defineComponent(() => () => h('section', { class: 'masked' }, [h('h1', secret), h('p', `For ${secret}`)]))
