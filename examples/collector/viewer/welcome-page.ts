import { h } from './element.ts'

/** What a newcomer sees: how to point an app here. */
export function welcomePage(hasReplays: boolean): HTMLElement {
  const origin = location.origin
  const code = `import * as amplitude from '@amplitude/analytics-browser'
import { sessionReplayPlugin } from '@session-replay-kit/core'

amplitude.add(sessionReplayPlugin({
  sampleRate: 1,
  configServerUrl: '${origin}/config',
  trackServerUrl: '${origin}/sessions/v2/track',
}))
amplitude.init('any-key', {
  serverUrl: '${origin}/2/httpapi',
  remoteConfig: { serverUrl: '${origin}/config' },
})`
  const copy = h(
    'button',
    {
      class: 'quiet',
      onclick: async () => {
        await navigator.clipboard.writeText(code)
        copy.textContent = 'Copied'
      },
    },
    'Copy',
  )
  return h(
    'main',
    { class: 'welcome' },
    h('h1', {}, hasReplays ? 'Choose a replay' : 'Waiting for the first replay'),
    h(
      'p',
      { class: 'lead' },
      'This collector plays Amplitude’s part on your computer. Point your app at it, click around, and watch the replay appear. Nothing leaves this machine.',
    ),
    h('div', { class: 'snippet' }, copy, h('pre', {}, code)),
  )
}
