import * as Sentry from '@sentry/browser'

export async function start({ intake }) {
  Sentry.init({
    dsn: `${intake.replace('//', '//key@')}/1`,
    defaultIntegrations: false,
    replaysSessionSampleRate: 1,
    integrations: [
      Sentry.replayIntegration({
        maskAllText: false,
        blockAllMedia: false,
        maskAllInputs: true,
        // By default it gives up after 10 000 mutations at once, and would look cheap.
        mutationLimit: 1e9,
        mutationBreadcrumbLimit: 1e9,
      }),
    ],
  })
}
