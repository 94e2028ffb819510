/**
 * Who takes part. `build`: file in `contestants/`; none for the page by itself. `uploads`: sends what it records, so
 * it is checked to have sent a snapshot.
 */
export const CONTESTANTS = [
  { name: 'none', title: 'no recorder' },
  { name: 'raw', title: 'raw `@rrweb/record`', build: 'raw' },
  { name: 'us', title: 'this kit, worker', build: 'us', worker: true, uploads: true },
  { name: 'us-main', title: 'this kit, no worker', build: 'us', worker: false, uploads: true },
  { name: 'official', title: 'official plugin, worker', build: 'official', worker: true, uploads: true },
  {
    name: 'official-main',
    title: 'official plugin, no worker',
    build: 'official',
    worker: false,
    uploads: true,
  },
  { name: 'sentry', title: 'Sentry replay', build: 'sentry', uploads: true },
  { name: 'posthog', title: 'PostHog', build: 'posthog', uploads: true },
  { name: 'datadog', title: 'Datadog RUM', build: 'datadog', uploads: true },
]

/** The work that they do, by its name in `pages.mjs`. */
export const WORK_TITLES = {
  animation: 'style animation',
  list: 'list churn',
  storm: 'table storm',
  typing: 'typing and scrolling',
  css: 'CSS-in-JS',
}
