import { datadogRum } from '@datadog/browser-rum'

export async function start({ intake }) {
  datadogRum.init({
    applicationId: 'bench',
    clientToken: 'bench',
    site: 'datadoghq.com',
    proxy: ({ path, parameters }) => `${intake}/datadog${path}?${parameters}`,
    sessionSampleRate: 100,
    sessionReplaySampleRate: 100,
    telemetrySampleRate: 0,
    trackUserInteractions: false,
    trackResources: false,
    trackLongTasks: false,
    defaultPrivacyLevel: 'mask-user-input',
    startSessionReplayRecordingManually: true,
    // The benchmark's keys and moves are made in the page.
    allowUntrustedEvents: true,
  })
  datadogRum.startSessionReplayRecording({ force: true })
}
