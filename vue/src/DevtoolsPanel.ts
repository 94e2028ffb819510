import type { Explanation, HoldInfo } from '@session-replay-kit/core'
import { defineComponent, h, onMounted, onScopeDispose, shallowRef, triggerRef } from 'vue'
import { useSessionReplay } from './useSessionReplay.ts'

declare const process: { env: { NODE_ENV?: string } }

const REFRESH_MS = 1000

const PANEL =
  'position:fixed;right:12px;bottom:12px;z-index:2147483646;max-width:26rem;max-height:60vh;overflow:auto;padding:10px 14px;border-radius:8px;background:#16211b;color:#e9efe9;font:12px/1.5 system-ui,sans-serif;box-shadow:0 4px 18px #0006'

/** Status and panel. Rendered by `ReplayDevtools`, which leaves it out in production. */
export const DevtoolsPanel = /* @__PURE__ */ defineComponent({
  name: 'ReplayDevtools',
  inheritAttrs: false,
  setup() {
    const { status, reasons, explain, pause, resume, client } = useSessionReplay()
    const isOpen = shallowRef(true)
    const hideOverlay = shallowRef<(() => void) | null>(null)
    let live = true

    const toggleOverlay = async (): Promise<void> => {
      if (hideOverlay.value) {
        hideOverlay.value()
        hideOverlay.value = null
        return
      }
      // Bundlers follow an import before they drop the panel, unless this says where it ends: the file would be shipped, unused.
      if (process.env.NODE_ENV === 'production') return
      const { showPrivacy } = await import('@session-replay-kit/core/devtools')
      if (live && !hideOverlay.value) hideOverlay.value = showPrivacy()
    }
    onScopeDispose(() => {
      live = false
      hideOverlay.value?.()
    })

    const button = (label: string, onClick: () => unknown) => h('button', { type: 'button', onClick }, label)
    // Uploads are no part of the snapshot, or every badge of the app would render at each one.
    const shown = shallowRef({})
    let timer: ReturnType<typeof setInterval> | undefined
    onMounted(() => {
      timer = setInterval(() => triggerRef(shown), REFRESH_MS)
    })
    onScopeDispose(() => clearInterval(timer))

    const details = () => {
      void shown.value
      const explanation = explain()
      const { route, error } = client.getSnapshot()
      const isPaused = reasons.value.some(({ kind }) => kind === 'manual')
      const rows: [string, string][] = [
        ['paused by', reasons.value.map(nameOf).join(', ') || 'nothing'],
        [
          'route',
          route ? `${route.path} ${route.allowed ? 'allowed' : 'denied'}${byOf(route.matched)}` : '–',
        ],
        ...uploadRows(explanation),
        ...(error ? [['error', `${error.code}: ${error.message}`] as [string, string]] : []),
      ]
      return [
        h('p', explanation.sentence),
        h('p', [
          isPaused ? button('Resume', () => resume()) : button('Pause', () => pause('devtools')),
          button(hideOverlay.value ? 'Hide overlay' : 'Show overlay', toggleOverlay),
          button('Send now', () => client.flush()),
        ]),
        h(
          'dl',
          rows.flatMap(([name, value]) => [h('dt', name), h('dd', value)]),
        ),
        h(
          'ol',
          (explanation.recorder?.steps ?? []).map(({ passed, detail }) =>
            h('li', `${passed === null ? '–' : passed ? '✓' : '✗'} ${detail}`),
          ),
        ),
      ]
    }

    return () =>
      h('aside', { 'data-amp-block': '', 'aria-label': 'Session Replay', style: PANEL }, [
        h(
          'button',
          {
            type: 'button',
            'aria-expanded': isOpen.value,
            onClick: () => {
              isOpen.value = !isOpen.value
            },
          },
          `Session Replay: ${status.value}`,
        ),
        isOpen.value ? details() : null,
      ])
  },
})

const byOf = (matched: string | null): string => (matched === null ? '' : ` by ${matched}`)

const nameOf = ({ kind, detail, count }: HoldInfo): string =>
  `${kind}${detail === undefined ? '' : ` (${detail})`}${count > 1 ? ` ×${count}` : ''}`

// The recorder explains itself only while it is there; what it does not tell is shown as nothing.
function uploadRows({ recorder }: Explanation): [string, string][] {
  const { requests = 0, bytesSent = 0, lastUploadAt = null } = recorder?.delivery?.upload ?? {}
  return [
    ['last upload', lastUploadAt === null ? 'none yet' : new Date(lastUploadAt).toLocaleTimeString()],
    ['sent', `${(bytesSent / 1024).toFixed(1)} KiB in ${requests} requests`],
  ]
}
