import { render } from '@testing-library/vue'
import { describe, expect, it } from 'vitest'
import { defineComponent, h, KeepAlive, nextTick, type Ref, ref, Teleport, Transition } from 'vue'
import { setUp } from '../test/support/set-up.ts'
import { PauseReplay } from './PauseReplay.ts'
import { usePauseReplay } from './usePauseReplay.ts'

const holds = ({ getSnapshot }: ReturnType<typeof setUp>['client']): number =>
  getSnapshot().reasons.reduce((sum, { count }) => sum + count, 0)

describe('usePauseReplay', () => {
  it('holds before the component has rendered', () => {
    const { plugin, client } = setUp()
    let whileRendering = -1
    const Page = defineComponent(() => {
      usePauseReplay()
      return () => {
        whileRendering = holds(client)
        return h('p')
      }
    })
    render(Page, { global: { plugins: [plugin] } })
    expect(whileRendering).toBe(1)
  })

  it('follows a ref in the same step', () => {
    const { plugin, client } = setUp()
    const when = ref(false)
    let held: Readonly<Ref<boolean>> | undefined
    const Page = defineComponent(() => {
      held = usePauseReplay(when, { detail: 'step 2' }).held
      return () => h('p')
    })
    const { unmount } = render(Page, { global: { plugins: [plugin] } })
    expect([held?.value, holds(client)]).toEqual([false, 0])
    when.value = true
    expect([held?.value, holds(client)]).toEqual([true, 1])
    expect(client.getSnapshot().reasons[0]?.detail).toBe('step 2')
    when.value = false
    expect([held?.value, holds(client)]).toEqual([false, 0])
    when.value = true
    unmount()
    expect([held?.value, holds(client)]).toEqual([false, 0])
    when.value = false
    when.value = true
    expect(holds(client)).toBe(0)
  })

  it('holds only while a kept component is shown', async () => {
    const { plugin, client } = setUp()
    const shown = ref('secret')
    const when = ref(true)
    const Secret = defineComponent({
      name: 'SecretPage',
      setup() {
        usePauseReplay(when)
        return () => h('p', 'Salary: 5000')
      },
    })
    const Open = defineComponent({ name: 'OpenPage', render: () => h('p', 'Hello') })
    const App = defineComponent(
      () => () => h(KeepAlive, null, [shown.value === 'secret' ? h(Secret) : h(Open)]),
    )
    const { unmount } = render(App, { global: { plugins: [plugin] } })
    expect(holds(client)).toBe(1)
    shown.value = 'open'
    await nextTick()
    expect(holds(client)).toBe(0)
    when.value = false
    when.value = true
    expect(holds(client)).toBe(0)
    shown.value = 'secret'
    await nextTick()
    expect(holds(client)).toBe(1)
    unmount()
    expect(holds(client)).toBe(0)
  })

  it('counts components', () => {
    const { plugin, client } = setUp()
    const App = defineComponent(() => () => [h(PauseReplay), h(PauseReplay), h(PauseReplay, { when: false })])
    const { unmount } = render(App, { global: { plugins: [plugin] } })
    expect(holds(client)).toBe(2)
    unmount()
    expect(holds(client)).toBe(0)
  })
})

describe('PauseReplay', () => {
  it('renders its slot and nothing else, inside Teleport and Transition too', async () => {
    const { plugin, client } = setUp()
    const open = ref(true)
    const App = defineComponent(
      () => () =>
        h('main', [
          h(PauseReplay, { when: open.value, detail: 'dialog' }, { default: () => [h('b', 'shown')] }),
          h(Teleport, { to: 'body' }, [
            h(Transition, { css: false }, () =>
              open.value ? h(PauseReplay, () => [h('i', 'over it')]) : null,
            ),
          ]),
        ]),
    )
    const { container } = render(App, { global: { plugins: [plugin] } })
    expect(container.innerHTML).toContain('<b>shown</b>')
    expect(document.querySelector('i')?.textContent).toBe('over it')
    expect(holds(client)).toBe(2)
    open.value = false
    await nextTick()
    expect(holds(client)).toBe(0)
  })
})
