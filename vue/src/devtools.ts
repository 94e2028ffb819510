import { defineComponent, h, onScopeDispose, shallowRef } from 'vue'
import { useSessionReplay } from './useSessionReplay.ts'

const PANEL =
  'position:fixed;right:12px;bottom:12px;z-index:2147483646;max-width:26rem;max-height:60vh;overflow:auto;padding:10px 14px;border-radius:8px;background:#16211b;color:#e9efe9;font:12px/1.5 system-ui,sans-serif;box-shadow:0 4px 18px #0006'

/**
 * A panel for development: status, reasons, the sentence of `explain()`, route decision, and an overlay that shows
 * what is masked and blocked. It is never recorded itself. Import it lazily, so that production does not load it.
 */
export const ReplayDevtools = defineComponent({
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
      const { showPrivacy } = await import('@session-replay-kit/core/devtools')
      if (live && !hideOverlay.value) hideOverlay.value = showPrivacy()
    }
    onScopeDispose(() => {
      live = false
      hideOverlay.value?.()
    })

    const button = (label: string, onClick: () => unknown) => h('button', { type: 'button', onClick }, label)
    const details = () => {
      const { sentence, ...facts } = explain()
      const { epoch, maskLevel, sessionReplayId, error } = client.getSnapshot()
      const isPaused = reasons.value.some(({ kind }) => kind === 'manual')
      return [
        h('p', sentence),
        h('p', [
          isPaused ? button('Resume', () => resume()) : button('Pause', () => pause('devtools')),
          button(hideOverlay.value ? 'Hide overlay' : 'Show overlay', toggleOverlay),
          button('Send now', () => client.flush()),
        ]),
        h(
          'pre',
          { style: 'margin:0;white-space:pre-wrap' },
          JSON.stringify({ maskLevel, epoch, sessionReplayId, error: error?.message, ...facts }, null, 1),
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
