/** The Browser SDK with nothing of its own to tell, so that what is measured is the replay. */
export const quietAnalytics = (intake) => ({
  serverUrl: `${intake}/2/httpapi`,
  fetchRemoteConfig: false,
  autocapture: false,
})
