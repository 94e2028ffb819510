/** What the reader of an example has in their own app. */
declare const API_KEY: string
declare const deviceId: string
declare const sessionId: number
declare const myAnalytics: { track(name: string, properties?: Record<string, unknown>): void }
/** Made in the example before. */
declare const replay: import('@session-replay-kit/core').ReplayController
